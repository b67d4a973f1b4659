// Explain: what is accused runs once more with call sites on. Whether, and for how long.
#pragma once

#include <cstdint>
#include <optional>

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/confirmation.hpp"

namespace soak::verdict {

enum class Explain {
  automatic,  ///< What leaks, grows, exceeds the limit of a count, or died of its memory.
  always,     ///< Every scenario.
  never,
};

/// The iterations at which the scenario should run with call sites on, given the runs that the record has; empty
/// where there is nothing to explain. That is the longest of its runs that came to its end, where growth shows best
/// and caches are full; but not one that would last long with each allocation many times as dear, or whose heap
/// would, with what is kept of each block, be too much for the machine. Pure: time is what the record says it was.
[[nodiscard]] std::optional<std::int64_t> explained_run_length(const record::Scenario& scenario,
                                                               const config::Config& config,
                                                               const MachineLimits& machine, Explain when);

}  // namespace soak::verdict
