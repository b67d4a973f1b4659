#include "verdict/suspects.hpp"

#include <algorithm>
#include <utility>

#include "verdict/object_rules.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Ending;

struct SuspectKind {
  const char* kind;
  Reading reading;
};
// Limits in absolute bytes (final_growth and the like) judge the planned length only.
constexpr SuspectKind suspect_kinds[] = {
    {"heap_growth", &Checkpoint::heap_bytes}, {"open_files", &Checkpoint::open_files},
    {"threads", &Checkpoint::threads},        {"threads", &Checkpoint::joinable_threads},
    {"children", &Checkpoint::children},      {"mappings", &Checkpoint::vms_bytes},
};

constexpr std::size_t fewest_readings = 6;  // of a run that died
constexpr std::size_t lengths_that_prove = 3;
// Of the slope, what a line keeps at four times the length: 1. A square root keeps 0.5.
constexpr double least_steady = 0.7;
constexpr double least_distance = 1.5;  // of one length to the next: nearer ones tell noise from noise

std::span<const Sample> last_eighth(const Series& series) {
  return from_iteration(series, series.back().iteration - series.back().iteration / 8);
}

// Of bytes the lowest reading of the last eighth: what comes and goes does not count as growth.
std::int64_t level_at_end(const Series& series, Reading reading) {
  if (!is_bytes(reading)) return series.back().value;
  return std::ranges::min(last_eighth(series), {}, &Sample::value).value;
}

// One run of the scenario, as one figure tells it.
struct RunOfFigure {
  Series series;
  ScaledGrowth growth;
};

bool counts(const Evidence& evidence, const Series& series) {
  switch (evidence.repetition.ending) {
    case Ending::finished:
      return evidence.has_final();
    // It may have died of its leak: what it had measured is as exact as if it had not.
    case Ending::failed:
    case Ending::crashed:
    case Ending::timed_out:
      return series.size() >= fewest_readings;
    case Ending::planned:
    case Ending::running:
    case Ending::interrupted:
      break;
  }
  return false;
}

std::optional<RunOfFigure> run_of_figure(const Evidence& evidence, Reading reading) {
  if (evidence.baseline == nullptr || !(evidence.baseline->*reading)) return {};
  auto series = evidence.growing_series(reading);
  if (series.empty() || !counts(evidence, series)) return {};
  const auto growth = level_at_end(series, reading) - *(evidence.baseline->*reading);
  const auto iterations = series.back().iteration;
  return RunOfFigure{std::move(series), {iterations, growth}};
}

// Ascending, those left out that are hardly longer than another.
std::vector<RunOfFigure> runs_of_figure(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                                        Reading reading) {
  std::vector<RunOfFigure> all, runs;
  const auto add = [&](const record::Repetition& repetition) {
    if (auto run = run_of_figure(Evidence(scenario, repetition, settings), reading)) all.push_back(std::move(*run));
  };
  if (!scenario.repetitions.empty()) add(scenario.repetitions.front());
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  const auto iterations = [](const RunOfFigure& run) { return run.growth.iterations; };
  std::ranges::stable_sort(all, {}, iterations);
  for (auto& run : all)
    if (runs.empty() ||
        static_cast<double>(iterations(run)) >= least_distance * static_cast<double>(iterations(runs.back())))
      runs.push_back(std::move(run));
  return runs;
}

// How far it falls back within the last eighth: of noise its range, of growth and steps nothing.
std::int64_t noise_at_end(const Series& series) {
  std::int64_t highest = last_eighth(series).front().value, fall = 0;
  for (const auto& sample : last_eighth(series)) {
    highest = std::max(highest, sample.value);
    fall = std::max(fall, highest - sample.value);
  }
  return fall;
}

// Sen's slope of the last half, certain at 99.9 % to be above the limit; 0 where it is not.
double certain_slope(const RunOfFigure& run, double limit) {
  const auto middle = run.series.front().iteration + (run.series.back().iteration - run.series.front().iteration) / 2;
  const auto trend = trend_of(without_large_steps(from_iteration(run.series, middle)), confidence_999);
  return trend && trend->low > limit ? trend->per_iteration : 0;
}

// Where steps stand differs from run to run, and moves the ends of runs; the slopes beside them stay.
void compare_slopes(const std::vector<RunOfFigure>& runs, double limit, Suspect& suspect) {
  const auto longest = certain_slope(runs.back(), limit);
  suspect.rises_at_end = longest > 0;
  if (!suspect.rises_at_end || runs.size() < lengths_that_prove) return;
  const auto before = certain_slope(runs[runs.size() - 2], limit);
  suspect.is_steady = before > 0 && longest >= least_steady * before;
}

// One block of the smallest size, or one arena of malloc's; a count is exact.
std::int64_t granule_of(Reading reading) {
  if (reading == &Checkpoint::heap_bytes) return 24;
  return reading == &Checkpoint::vms_bytes ? 64 << 20 : 0;
}

Suspect suspect_of(const SuspectKind& kind, const std::vector<RunOfFigure>& runs, double limit) {
  const auto& longest = runs.back();
  Suspect suspect{kind.kind, kind.reading, std::max(granule_of(kind.reading), noise_at_end(longest.series)), {}};
  for (const auto& run : runs) suspect.lengths.push_back(run.growth);
  if (kind.reading == &Checkpoint::heap_bytes) compare_slopes(runs, limit, suspect);
  suspect.has_stopped = runs.size() >= lengths_that_prove && has_stopped(longest.series, suspect.tolerance);
  suspect.is_borne_out = bears_out(longest.series, growth_per_iteration(suspect.lengths));
  return suspect;
}

// Of the objects of one type, which must have been counted in that run too.
std::optional<ScaledGrowth> growth_of_type(const record::Repetition& repetition, const record::LiveType& wanted) {
  const auto type = std::ranges::find_if(
      repetition.types, [&](const auto& one) { return one.name == wanted.name && one.source == wanted.source; });
  if (repetition.ending != Ending::finished || type == repetition.types.end() || type->history.empty()) return {};
  return ScaledGrowth{type->history.back().iteration, type->history.back().count - type->history.front().count};
}

// Nothing where the first run counted no types, or where none has grown.
std::optional<Suspect> suspected_type(const record::Scenario& scenario) {
  const auto* const type = scenario.repetitions.empty() ? nullptr : most_grown_type(scenario.repetitions.front());
  if (type == nullptr) return {};
  Suspect suspect{"objects", nullptr, 0, {}};
  const auto add = [&](const record::Repetition& repetition) {
    if (const auto growth = growth_of_type(repetition, *type)) suspect.lengths.push_back(*growth);
  };
  add(scenario.repetitions.front());
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  std::ranges::sort(suspect.lengths, {}, &ScaledGrowth::iterations);
  if (suspect.lengths.empty() || suspect.lengths.back().growth <= 0) return {};
  return suspect;
}

}  // namespace

Shape Suspect::shape() const {
  const auto shape = shape_of(lengths, tolerance);
  // Capacity that doubles is quiet for half of a run and keeps pace: it is borne out.
  if (keeps_pace(shape) && is_borne_out) return shape;
  if (is_steady) return Shape::linear;
  if (shape == Shape::flat && rises_at_end) return Shape::unknown;
  if (has_stopped) return Shape::flat;
  return keeps_pace(shape) ? Shape::unknown : shape;
}

std::vector<Suspect> suspects_of(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                                 const Judgement& judgement) {
  std::vector<Suspect> suspects;
  for (const auto& kind : suspect_kinds) {
    const auto is_meant = [&](const Finding& finding) { return finding.kind == kind.kind && is_suspicious(finding); };
    if (std::ranges::none_of(judgement.findings, is_meant)) continue;
    const auto runs = runs_of_figure(scenario, settings, kind.reading);
    if (runs.empty()) continue;
    // A count has two readings, of which one may not have moved. Live heap may stand lower than at a baseline that
    // was high by chance, and rise.
    if (kind.reading == &Checkpoint::heap_bytes || runs.back().growth.growth > 0)
      suspects.push_back(suspect_of(kind, runs, settings.limits.heap_growth_bytes_per_iteration.value_or(0)));
  }
  if (std::ranges::count(judgement.findings, std::string("objects"), &Finding::kind) > 0)
    if (auto suspect = suspected_type(scenario)) suspects.push_back(std::move(*suspect));
  return suspects;
}

}  // namespace soak::verdict
