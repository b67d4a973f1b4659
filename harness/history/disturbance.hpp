// Whether a time is the scenario's own, or that of what else the machine did.
#pragma once

#include "record/record.hpp"

namespace soak::history {

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
