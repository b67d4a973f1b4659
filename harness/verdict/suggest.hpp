// Thresholds from what was measured: as tight as runs that passed allow.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::verdict {

enum class Looser { no, yes };

/// Scenario tables for benchmarks.toml, each limit with what was measured and what it was in a comment behind it.
/// Only limits that change: tighter ones, and with `Looser::yes` those that were exceeded without a leak. Of a
/// scenario that failed in one of the runs nothing is suggested but what it is told to do; a comment says so. Behind
/// `schema = 1` the result can be read by parse_config, and all runs that it was made from pass by it. A pure
/// function.
[[nodiscard]] std::string suggest_thresholds(const std::vector<record::Run>& runs, const config::Config& config,
                                             Looser looser);

/// For limits: the next of 1, 1.25, 1.5, 1.75 times a power of two at or above `bytes`.
[[nodiscard]] std::int64_t rounded_up(std::int64_t bytes);

}  // namespace soak::verdict
