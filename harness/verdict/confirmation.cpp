#include "verdict/confirmation.hpp"

#include <algorithm>
#include <chrono>

#include "verdict/end_rules.hpp"
#include "verdict/numbers.hpp"
#include "verdict/suspects.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Ending;

double budget_seconds(const record::Repetition& first, const config::ScenarioSettings& settings) {
  if (settings.confirm_budget) return std::chrono::duration<double>(*settings.confirm_budget).count();
  return std::max(numbers::shortest_budget_seconds, numbers::budget_in_first_runs * first.wall_seconds);
}

double seconds_spent(const record::Scenario& scenario) {
  double seconds = 0;
  for (const auto& scaled : scenario.scaled_runs) seconds += scaled.repetition.wall_seconds;
  return seconds;
}

// Growth that has not stopped yet is followed to the end of the budget: a table of 17,000 words fills in a straight
// line.
bool still_grows(const Suspect& suspect) { return suspect.growth.shape != Shape::flat; }

// Where the figure would stand after `iterations`, by the steepest slope measured so far.
double projected_growth(const Suspect& suspect, std::int64_t iterations) {
  double slope = 0;
  for (const auto& length : suspect.figure.ends)
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

std::int64_t longest_of(const Suspect& suspect) { return suspect.figure.ends.back().iterations; }
std::int64_t shortest_of(const Suspect& suspect) { return suspect.figure.ends.front().iterations; }

bool fits_time(const record::Repetition& first, std::int64_t iterations, double seconds_left,
               std::chrono::milliseconds timeout) {
  if (!first.iterations || *first.iterations <= 0) return false;
  // By wall time of the whole process: an upper bound, since setting up does not numbers::length_factor.
  const auto seconds = first.wall_seconds * static_cast<double>(iterations) / static_cast<double>(*first.iterations);
  return seconds <= seconds_left && seconds <= std::chrono::duration<double>(timeout).count() / 2;
}

bool was_run(const record::Scenario& scenario, std::int64_t iterations) {
  return std::ranges::count(scenario.scaled_runs, iterations, &record::ScaledRun::iterations) > 0;
}

// It cannot be scaled further, or died of its leak.
bool has_died(const record::Scenario& scenario) {
  return std::ranges::any_of(scenario.scaled_runs, [](const record::ScaledRun& scaled) {
    return scaled.repetition.ending != Ending::finished;
  });
}

/// Runs that end by themselves are compared by their ends: two lengths at least.
std::optional<std::int64_t> next_length_of_program(const record::Scenario& scenario,
                                                   const config::ScenarioSettings& settings) {
  if (has_died(scenario)) return {};
  const auto& first = scenario.repetitions.front();
  auto longest = first.iterations.value_or(0);
  for (const auto& scaled : scenario.scaled_runs)
    longest = std::max(longest, scaled.repetition.iterations.value_or(0));
  const auto longer = longest * numbers::length_factor;
  const bool is_first = scenario.scaled_runs.empty();
  if (!is_first && !is_undecided_by_lengths(scenario)) return {};
  const auto seconds_left = budget_seconds(first, settings) - seconds_spent(scenario);
  if (longer <= 0 || longer > numbers::most_iterations || !fits_time(first, longer, seconds_left, settings.timeout))
    return {};
  return longer;
}

}  // namespace

std::optional<std::int64_t> next_run_length(const record::Scenario& scenario,
                                            const config::ScenarioSettings& settings, const MachineLimits& machine) {
  if (scenario.is_fixed || scenario.repetitions.empty() || scenario.repetitions.front().ending != Ending::finished)
    return {};
  const auto& first = scenario.repetitions.front();
  if (scenario.measured == record::Measured::at_end) return next_length_of_program(scenario, settings);
  const Evidence evidence(scenario, first, settings);
  const auto suspects = suspects_of(scenario, settings, judge_repetition(evidence));
  const auto growing = std::ranges::find_if(suspects, still_grows);
  if (growing == suspects.end()) return {};

  const auto seconds_left = budget_seconds(first, settings) - seconds_spent(scenario);
  const auto is_possible = [&](std::int64_t iterations) {
    return !was_run(scenario, iterations) && fits_time(first, iterations, seconds_left, settings.timeout);
  };
  const auto longer = longest_of(*growing) * numbers::length_factor;
  const bool all_within = std::ranges::all_of(
      suspects, [&](const Suspect& suspect) { return stays_within(suspect, longer, *evidence.baseline, machine); });
  if (longer <= numbers::most_iterations && all_within && !has_died(scenario) && is_possible(longer)) return longer;

  const auto shorter = shortest_of(*growing) / numbers::length_factor;
  const bool needs_more = growing->figure.ends.size() < numbers::lengths_that_prove;
  if (needs_more && shorter >= numbers::fewest_iterations && is_possible(shorter)) return shorter;
  return {};
}

}  // namespace soak::verdict
