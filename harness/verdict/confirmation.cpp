#include "verdict/confirmation.hpp"

#include <algorithm>
#include <chrono>

#include "verdict/suspects.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Ending;

constexpr std::int64_t scale = 4;
constexpr std::int64_t most_iterations = 1'000'000;
constexpr std::int64_t fewest_iterations = 8;  // below, a run is all warm-up
constexpr std::size_t lengths_that_prove = 3;
constexpr double shortest_budget_seconds = 10, budget_in_first_runs = 20;

double budget_seconds(const record::Repetition& first, const config::ScenarioSettings& settings) {
  if (settings.confirm_budget) return std::chrono::duration<double>(*settings.confirm_budget).count();
  return std::max(shortest_budget_seconds, budget_in_first_runs * first.wall_seconds);
}

double seconds_spent(const record::Scenario& scenario) {
  double seconds = 0;
  for (const auto& scaled : scenario.scaled_runs) seconds += scaled.repetition.wall_seconds;
  return seconds;
}

// A figure that decides nothing yet: its growth neither keeps pace over three lengths nor has stopped, or it is still
// within what is expected.
bool is_undecided(const Suspect& suspect, const config::ScenarioSettings& settings) {
  const auto shape = suspect.shape();
  const auto expected = suspect.kind == "heap_growth" ? settings.expected_growth_bytes.value_or(0) : 0;
  if (suspect.lengths.back().growth <= expected) return shape != Shape::flat;
  return shape != Shape::flat && shape != Shape::linear && shape != Shape::faster;
}

// Where the figure would stand after `iterations`, by the steepest slope measured so far.
double projected_growth(const Suspect& suspect, std::int64_t iterations) {
  double slope = 0;
  for (const auto& length : suspect.lengths)
    if (length.iterations > 0)
      slope = std::max(slope, static_cast<double>(length.growth) / static_cast<double>(length.iterations));
  return slope * static_cast<double>(iterations);
}

bool stays_within(const Suspect& suspect, std::int64_t iterations, const record::Checkpoint& baseline,
                  const MachineLimits& machine) {
  if (suspect.reading == nullptr) return true;  // Objects: their memory is the heap's, which is judged by itself.
  const auto projected =
      projected_growth(suspect, iterations) + static_cast<double>((baseline.*suspect.reading).value_or(0));
  // Half of what is there: what the scenario needs besides is not known.
  const auto allowed = [&](std::int64_t limit) { return projected <= static_cast<double>(limit) / 2; };
  if (suspect.reading == &Checkpoint::heap_bytes) return allowed(machine.memory_bytes);
  if (suspect.reading == &Checkpoint::open_files) return allowed(machine.open_files);
  if (suspect.reading == &Checkpoint::vms_bytes) return true;  // address space is not memory
  return allowed(machine.processes);
}

std::int64_t longest_of(const Suspect& suspect) { return suspect.lengths.back().iterations; }
std::int64_t shortest_of(const Suspect& suspect) { return suspect.lengths.front().iterations; }

bool fits_time(const record::Repetition& first, std::int64_t iterations, double seconds_left,
               std::chrono::milliseconds timeout) {
  if (!first.iterations || *first.iterations <= 0) return false;
  // By wall time of the whole process: an upper bound, since setting up does not scale.
  const auto seconds = first.wall_seconds * static_cast<double>(iterations) / static_cast<double>(*first.iterations);
  return seconds <= seconds_left && seconds <= std::chrono::duration<double>(timeout).count() / 2;
}

}  // namespace

std::optional<std::int64_t> next_run_length(const record::Scenario& scenario,
                                            const config::ScenarioSettings& settings, const MachineLimits& machine) {
  if (scenario.repetitions.empty() || scenario.repetitions.front().ending != Ending::finished) return {};
  // A scaled run that failed says that this scenario cannot be scaled, or died of its leak: no more of them.
  if (!scenario.scaled_runs.empty() && scenario.scaled_runs.back().repetition.ending != Ending::finished) return {};
  const auto& first = scenario.repetitions.front();
  const Evidence evidence(scenario, first, settings);
  const auto suspects = suspects_of(scenario, settings, judge_repetition(evidence));
  const auto undecided =
      std::ranges::find_if(suspects, [&](const Suspect& suspect) { return is_undecided(suspect, settings); });
  if (undecided == suspects.end()) return {};

  const auto longer = longest_of(*undecided) * scale;
  const auto seconds_left = budget_seconds(first, settings) - seconds_spent(scenario);
  const bool all_within = std::ranges::all_of(
      suspects, [&](const Suspect& suspect) { return stays_within(suspect, longer, *evidence.baseline, machine); });
  if (longer <= most_iterations && all_within && fits_time(first, longer, seconds_left, settings.timeout))
    return longer;

  const auto shorter = shortest_of(*undecided) / scale;
  const bool needs_more = undecided->lengths.size() < lengths_that_prove;
  if (needs_more && shorter >= fewest_iterations && fits_time(first, shorter, seconds_left, settings.timeout))
    return shorter;
  return {};
}

}  // namespace soak::verdict
