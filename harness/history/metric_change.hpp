// One metric of one scenario in two runs.
//
// Exact metrics are counts: one run is enough, and any difference beyond the allocator's rounding is a change. A
// count that differs between the repetitions of a run is not exact; both ranges must then be apart.
//
// Times take repetitions. They changed if the Mann-Whitney U test has p < 0.01, and they are at least 5 % apart, and
// at least as far apart as the noise of both sides reaches (median absolute deviations, scaled). Ranks alone are not
// enough: repetitions of a run share whatever else the machine did meanwhile. Resident memory comes in pages that the
// kernel counts in batches, and hardly varies within a run: the same rules hold, with the noise of those batches.
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

/// Empty if neither side has the metric. Does not look at gates or machines.
[[nodiscard]] std::optional<MetricChange> compare_metric(const record::Metric& metric, const Sides& sides);

/// How many bytes the heaps of two measurements with the same number of blocks may differ by: what allocator granules
/// add to each block.
[[nodiscard]] double rounding_bytes(const Sides& sides);

// --- The readings of a repetition as curves, and their comparison

/// The curves of the readings that are compared: heap, resident memory, open files, threads, allocations.
[[nodiscard]] Curves curves_of(const std::vector<record::Checkpoint>& checkpoints);

/// The readings that both have. Differences of heap bytes up to `tolerance_bytes` are insignificant.
[[nodiscard]] std::vector<CurvePair> compare_curves(const Curves& base, const Curves& head,
                                                    std::int64_t tolerance_bytes);

// --- Times that other programs disturbed

/// While a preempted process waits, its wall time goes on. Linux gives the processor to another for a slice of about
/// 3 ms (sched(7); base_slice_ns), and several may be in line.
inline constexpr double seconds_a_preemption = 0.004;
/// The share of the loop's time that others may take: as much as two times must be apart to count as a change.
inline constexpr double largest_lost_share = 0.05;
/// The name of such times among the figures of a measurement: they are kept but not compared.
inline constexpr const char* disturbed_time = "disturbed_iteration_time_ns";

/// True if other programs may have had the processor for more than the largest share of the time from the first
/// checkpoint to the last. They had no more than the loop did not use itself, and no longer than its preemptions
/// allow. False if the record does not say.
[[nodiscard]] bool is_time_disturbed(const record::Repetition& repetition);

}  // namespace soak::history
