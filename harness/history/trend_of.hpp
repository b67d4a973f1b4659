// From the store to trends.
#pragma once

#include <optional>
#include <string>

#include "history/find_run.hpp"
#include "history/trend.hpp"

namespace soak::history {

struct TrendRequest {
  std::string scenario;  ///< Empty: all.
  std::string metric;    ///< Empty: all.
  std::string since;     ///< A revision; only commits after it. Empty: all.
  bool across_machines = false;
};

/// Over the commits that HEAD has behind it. Runs with uncommitted changes, of other branches, of another length than
/// the newest, and noisy metrics of another machine or build than the newest run's are left out; the notes say how
/// many. Throws UserError where the folder is in no repository, and where scenario, metric or revision are unknown;
/// StoreError.
[[nodiscard]] Trend trend_of(const TrendRequest& request, const Places& places);

}  // namespace soak::history
