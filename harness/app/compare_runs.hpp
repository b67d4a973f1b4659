// soak compare and soak trend: two runs side by side, and metrics over commits.
#pragma once

#include <string>

#include "app/keep_history.hpp"
#include "history/metric_trend.hpp"

namespace soak::app {

struct CompareOptions {
  HistoryPlace place;
  std::string base, head;
  bool across_machines = false;  ///< Compare times and resident memory of different machines and builds as well.
  bool json = false, markdown = false;
};

/// Prints what changed. The exit status is leak_found if a gate of benchmarks.toml is broken, not_measured if one is
/// undecided or there was nothing to compare. Throws UserError.
[[nodiscard]] int compare(const CompareOptions& options);

struct TrendOptions {
  HistoryPlace place;
  history::TrendRequest request;
  bool json = false, fail_on_regression = false;
};

/// Prints metrics over the commits behind HEAD, and where they changed. Returns the exit status. Throws UserError.
[[nodiscard]] int trend(const TrendOptions& options);

}  // namespace soak::app
