// Findings that benchmarks.toml waives.
#pragma once

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

/// Marks the findings that a waiver holds for on the day the run started, and judges their scenarios by what is left.
/// Waivers that have expired, and those that matched nothing although all they are for ran to its end, become wrong
/// requests. A record that does not say when it started is taken for one that started in time.
void apply_waivers(const record::Run& run, const config::Config& config, RunVerdict& verdict);

}  // namespace soak::verdict
