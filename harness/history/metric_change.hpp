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

#include <vector>

#include "history/comparison.hpp"
#include "history/measurement.hpp"
#include "record/record.hpp"

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

// The readings of a repetition as curves, and what can be read off two of them.

/// Of the readings that are compared: heap, resident memory, open files, threads, allocations.
[[nodiscard]] Curves curves_of(const std::vector<record::Checkpoint>& checkpoints);

/// Readings that both have. `tolerance_bytes` is what heap bytes may differ by and mean nothing.
[[nodiscard]] std::vector<CurvePair> compare_curves(const Curves& base, const Curves& head,
                                                    std::int64_t tolerance_bytes);

// Whether a time is the scenario's own, or that of what else the machine did.

/// While a preempted process waits, its wall time goes on. Linux lets who took the processor have it for a slice of
/// some 3 ms (sched(7); base_slice_ns), and several may be in line.
inline constexpr double seconds_a_preemption = 0.004;
/// Of the loop's time. As much as two times have to be apart to be told (metric_change.hpp).
inline constexpr double largest_lost_share = 0.05;
/// The name that such times have among the figures of a measurement: kept, and not compared.
inline constexpr const char* disturbed_time = "disturbed_iteration_time_ns";

/// Other programs may have had the processor for more than the largest share of the time between the first checkpoint
/// and the last: no more than the loop did not use itself, and no longer than its preemptions allow. False where the
/// record does not say.
[[nodiscard]] bool is_time_disturbed(const record::Repetition& repetition);

}  // namespace soak::history
