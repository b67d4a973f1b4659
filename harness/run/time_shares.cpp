#include "run/time_shares.hpp"

#include <algorithm>

namespace soak::run {
namespace {

constexpr double part_for_the_run = 0.75;
constexpr std::int64_t most_iterations = std::int64_t{1} << 48;
constexpr double most_repetitions = 1000;

}  // namespace

double TimeShares::next(std::chrono::duration<double> elapsed) {
  const auto left = std::max((left_ - elapsed).count(), 0.0);
  const auto at_once = std::min(static_cast<double>(jobs_), static_cast<double>(scenarios_left_));
  const auto share = scenarios_left_ == 0 ? 0 : left * at_once / static_cast<double>(scenarios_left_);
  if (scenarios_left_ > 0) --scenarios_left_;
  return share;
}

Filling fill_share(const record::Scenario& planned, const record::Repetition& pilot, bool can_be_scaled,
                   double share_seconds) {
  const auto repetitions = static_cast<int>(planned.repetitions.size());
  Filling filling{planned.planned_iterations.value_or(0), repetitions};
  const auto seconds = share_seconds * part_for_the_run - pilot.wall_seconds;
  if (pilot.ending != record::Ending::finished || pilot.wall_seconds <= 0) return filling;
  if (!can_be_scaled || !planned.planned_iterations) {
    const auto more = std::clamp(seconds / pilot.wall_seconds, 0.0, most_repetitions);
    filling.repetitions = std::max(repetitions, static_cast<int>(more));
    return filling;
  }
  const auto iteration_seconds = pilot.iteration_time_ns.value_or(0) / 1e9;
  if (iteration_seconds <= 0) return filling;
  const auto loop_seconds = iteration_seconds * static_cast<double>(*planned.planned_iterations);
  const auto around_the_loop = std::max(pilot.wall_seconds - loop_seconds, 0.0);
  const auto iterations = (seconds / repetitions - around_the_loop) / iteration_seconds;
  if (iterations > static_cast<double>(*planned.planned_iterations))
    filling.iterations =
        iterations < static_cast<double>(most_iterations) ? static_cast<std::int64_t>(iterations) : most_iterations;
  return filling;
}

}  // namespace soak::run
