// Confirm: what looks like a leak runs again at other lengths, until growth bends or the budget is spent.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::verdict {

/// What a scaled run must not use up: a leak must never take the machine down.
struct MachineLimits {
  std::int64_t memory_bytes = 0;   ///< A quarter of the machine's, unless benchmarks.toml says otherwise.
  std::int64_t open_files = 1024;  ///< RLIMIT_NOFILE of a child.
  std::int64_t processes = 1024;   ///< Threads and child processes.
};

/// The iterations at which the scenario should run next, given the runs that the record has; empty where it is no
/// suspect, where it cannot be scaled, where its runs decide already, or where no run is left that budget and limits
/// allow. Longer runs come first, four times the longest each; where those are not to be had, a quarter of the
/// shortest. Pure: time is what the record says it was.
[[nodiscard]] std::optional<std::int64_t> next_run_length(const record::Scenario& scenario,
                                                          const config::ScenarioSettings& settings,
                                                          const MachineLimits& machine);

}  // namespace soak::verdict
