// One metric of one scenario in two runs.
//
// Exact metrics are counts: one run tells, and any difference beyond the allocator's rounding is one. Where a count
// differs between the repetitions of a run it is none of these; then both ranges have to be apart.
//
// Times take repetitions: Mann-Whitney U with p < 0.01, and at least 5 % apart, and at least as far as the noise of
// both sides reaches (median absolute deviations, scaled): repetitions of a run share what else the machine did
// meanwhile, so that ranks alone call two runs different whose machine was. Resident memory comes in pages that the
// kernel counts in batches, and hardly varies within a run: it has to be apart by its noise besides.
#pragma once

#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

inline constexpr double largest_p_value = 0.01;
inline constexpr double least_effect = 0.05;

/// Both sides of a scenario.
struct Sides {
  const Measurement& base;
  const Measurement& head;
};

/// Empty where neither side has the metric. Gates and machines are not looked at.
[[nodiscard]] std::optional<MetricChange> compare_metric(const record::Metric& metric, const Sides& sides);

/// By how many bytes the heap of a measurement may differ from another's with the same number of blocks: what
/// allocator granules do to each.
[[nodiscard]] double rounding_bytes(const Sides& sides);

}  // namespace soak::history
