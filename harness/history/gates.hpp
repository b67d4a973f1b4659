// The gates of [compare] in benchmarks.toml.
#pragma once

#include "config/config.hpp"
#include "history/comparison.hpp"

namespace soak::history {

/// Broken is a gate whose metric is worse, and by more than it allows; undecided one whose metric could not be
/// compared: a gate that measured nothing is not kept.
void apply_gate(const config::Gate& gate, MetricChange& change);

}  // namespace soak::history
