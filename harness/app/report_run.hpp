// The reports of a run that has just ended.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "history/find_run.hpp"
#include "history/trend.hpp"
#include "record/record.hpp"

namespace soak::app {

/// Where the run's own folder and the history that it was added to are.
struct RunPlace {
  std::filesystem::path folder;
  std::string store;  ///< The command line's, or empty.
};

/// Writes the formats into the folder and tells the CI service. False, with a message, where one could not be
/// written.
[[nodiscard]] bool report_run(const record::Run& run, const config::Config& config, const RunPlace& place,
                              const std::vector<std::string>& formats);

/// How the metrics went over the commits behind HEAD. Nothing where there is no store, no repository, or no run of
/// it: then there is no history to show.
[[nodiscard]] std::optional<history::Trend> trend_behind(const history::Places& places) noexcept;

}  // namespace soak::app
