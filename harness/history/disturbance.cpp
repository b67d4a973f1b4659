#include "history/disturbance.hpp"

#include <algorithm>

namespace soak::history {
namespace {

/// Of the loop, what it did not use itself: others cannot have had more. 0 where threads of its own together used
/// more than there was.
double idle_seconds(const record::Repetition& repetition, double loop_seconds) {
  if (!repetition.iteration_cpu_time_ns || !repetition.iterations) return loop_seconds;
  const auto used = *repetition.iteration_cpu_time_ns * 1e-9 * static_cast<double>(*repetition.iterations);
  return std::max(0.0, loop_seconds - used);
}

}  // namespace

bool is_time_disturbed(const record::Repetition& repetition) {
  if (!repetition.preemptions || repetition.checkpoints.empty()) return false;
  const double loop_seconds = repetition.checkpoints.back().elapsed_seconds;
  const double lost = std::min(static_cast<double>(*repetition.preemptions) * seconds_a_preemption,
                               idle_seconds(repetition, loop_seconds));
  return lost > largest_lost_share * loop_seconds;
}

}  // namespace soak::history
