// Two runs side by side.
#pragma once

#include "config/config.hpp"
#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

enum class AcrossMachines { no, yes };

/// A pure function of both runs, the gates and the renames of the config. Lengths that differ leave only what is told
/// an iteration comparable.
[[nodiscard]] Comparison compare(const MeasuredRun& base, const MeasuredRun& head, const config::Config& config,
                                 AcrossMachines across_machines);

}  // namespace soak::history
