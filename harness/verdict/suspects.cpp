#include "verdict/suspects.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/units.hpp"
#include "verdict/count_rules.hpp"
#include "verdict/numbers.hpp"

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

std::span<const Sample> last_eighth(const Series& series) {
  return from_iteration(series, series.back().iteration - series.back().iteration / numbers::ends_of_runs);
}

// Of bytes the lowest reading of the last eighth: what comes and goes does not count as growth.
std::int64_t level_at_end(const Series& series, Reading reading) {
  if (!is_bytes(reading)) return series.back().value;
  return std::ranges::min(last_eighth(series), {}, &Sample::value).value;
}

// One run of the scenario, as one figure tells it.
struct RunOfFigure {
  Series series;
  RunEnd growth;
};

bool counts(const Evidence& evidence, const Series& series) {
  switch (evidence.repetition.ending) {
    case Ending::finished:
      return evidence.has_final();
    // It may have died of its leak: what it had measured is as exact as if it had not.
    case Ending::failed:
    case Ending::crashed:
    case Ending::timed_out:
      return series.size() >= numbers::fewest_readings;
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
    if (runs.empty() || static_cast<double>(iterations(run)) >=
                            numbers::least_distance_of_lengths * static_cast<double>(iterations(runs.back())))
      runs.push_back(std::move(run));
  return runs;
}

// One block of the smallest size, or one arena of malloc's; a count is exact.
std::int64_t granule_of(Reading reading) {
  if (reading == &Checkpoint::heap_bytes) return numbers::smallest_block_bytes;
  return reading == &Checkpoint::vms_bytes ? numbers::arena_bytes : 0;
}

Suspect suspect_of(const SuspectKind& kind, const std::vector<RunOfFigure>& runs, double limit) {
  FigureOverRuns figure;
  for (const auto& run : runs) {
    figure.ends.push_back(run.growth);
    figure.runs.push_back(run.series);
  }
  // How far it falls back at the end: of noise its range, of growth and steps nothing.
  figure.tolerance = std::max(granule_of(kind.reading), fallback_of(last_eighth(runs.back().series)));
  figure.limit = limit;
  figure.has_slopes = kind.reading == &Checkpoint::heap_bytes;
  return {kind.kind, kind.reading, figure, growth_over_runs(figure)};
}

// Of the objects of one type, which must have been counted in that run too.
std::optional<RunEnd> growth_of_type(const record::Repetition& repetition, const record::LiveType& wanted) {
  const auto type = std::ranges::find_if(
      repetition.types, [&](const auto& one) { return one.name == wanted.name && one.source == wanted.source; });
  if (repetition.ending != Ending::finished || type == repetition.types.end() || type->history.empty()) return {};
  return RunEnd{type->history.back().iteration, type->history.back().count - type->history.front().count};
}

// Nothing where the first run counted no types, or where none has grown.
std::optional<Suspect> suspected_type(const record::Scenario& scenario) {
  const auto* const type = scenario.repetitions.empty() ? nullptr : most_grown_type(scenario.repetitions.front());
  if (type == nullptr) return {};
  FigureOverRuns figure;
  const auto add = [&](const record::Repetition& repetition) {
    if (const auto growth = growth_of_type(repetition, *type)) figure.ends.push_back(*growth);
  };
  add(scenario.repetitions.front());
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  std::ranges::sort(figure.ends, {}, &RunEnd::iterations);
  if (figure.ends.empty() || figure.ends.back().growth <= 0) return {};
  return Suspect{"objects", nullptr, figure, growth_over_runs(figure)};
}

// ---- what the suspects make of the findings ----

// False of a finding that runs of other lengths say nothing about: live heap above a limit in bytes at one checkpoint
// is judged in the planned run only.
bool is_suspicious(const Finding& finding) {
  return finding.kind != "heap_growth" || finding.verdict != Verdict::over_threshold;
}

// Most telling first.
const Suspect* strongest(const std::vector<Suspect>& suspects, const std::string& kind) {
  const Suspect* strongest = nullptr;
  for (const auto& suspect : suspects)
    if (suspect.kind == kind && (strongest == nullptr || suspect.growth.shape > strongest->growth.shape))
      strongest = &suspect;
  return strongest;
}

// "12 KiB after 1,000, 47 KiB after 4,000, 188 KiB after 16,000 iterations"
std::string told(const Suspect& suspect) {
  std::string text;
  for (const auto& [iterations, growth] : suspect.figure.ends)
    text += fmt::format(
        "{}{} after {}", text.empty() ? "" : ", ",
        is_bytes(suspect.reading) ? format_bytes(static_cast<double>(growth)) : std::to_string(growth), iterations);
  return text + " iterations";
}

// "; the run of 64000 iterations died after 40123: died of signal 9 (Killed)"
std::string how_a_run_died(const record::Scenario& scenario) {
  const auto died = std::ranges::find_if(scenario.scaled_runs, [](const record::ScaledRun& run) {
    return run.repetition.ending != record::Ending::finished;
  });
  if (died == scenario.scaled_runs.end()) return {};
  const auto& checkpoints = died->repetition.checkpoints;
  const auto after = checkpoints.empty() ? "" : fmt::format(" after {}", checkpoints.back().iteration);
  return fmt::format("; the run of {} iterations died{}: {}", died->iterations, after, died->repetition.message);
}

std::string why_not_proven(const Suspect& suspect, Shape shape) {
  if (suspect.figure.ends.size() < 3) return "it could be run at too few lengths to prove a leak";
  if (shape != Shape::unknown) return fmt::format("its growth slows down ({})", to_string(shape));
  return suspect.growth.rule;
}

// A limit on a count stays exceeded when the count no longer grows; growth of the heap that stopped was warm-up.
bool is_settled(const Suspect& suspect, Finding& finding) {
  if (suspect.reading == &Checkpoint::heap_bytes) return true;
  finding.verdict = Verdict::over_threshold;
  finding.message += "; it does not grow with the iterations: " + told(suspect);
  return false;
}

// False: the finding is to be dropped.
bool weigh(const record::Scenario& scenario, const Suspect& suspect, Finding& finding) {
  finding.shape = suspect.growth.shape;
  finding.confirmed = suspect.figure.ends;
  finding.per_iteration = suspect.growth.per_iteration;
  if (finding.shape != Shape::unknown && !goes_on(finding.shape)) return !is_settled(suspect, finding);
  if (keeps_pace(finding.shape)) {
    finding.verdict = Verdict::leak;
    finding.message += fmt::format("; {} to {} iterations: {}{}", to_string(finding.shape),
                                   suspect.figure.ends.back().iterations, told(suspect), how_a_run_died(scenario));
    return true;
  }
  // What noise hid in the first run, and no other could be compared with, stays hidden.
  const bool stays_hidden = finding.verdict == Verdict::inconclusive && finding.shape == Shape::unknown;
  if (!stays_hidden) finding.verdict = Verdict::growing;
  finding.message +=
      fmt::format("; {}: {}{}", why_not_proven(suspect, finding.shape), told(suspect), how_a_run_died(scenario));
  return true;
}

// What has a limit in bytes an iteration has not exceeded it for certain. A limit on a count is exceeded, whatever
// would become of it.
void leave_unproven(Judgement& judgement) {
  for (auto& finding : judgement.findings) {
    if (finding.verdict != Verdict::leak) continue;
    finding.verdict = finding.kind == "heap_growth" ? Verdict::growing : Verdict::over_threshold;
    finding.message += "; it cannot be scaled, and growth at one length alone proves no leak";
  }
}

}  // namespace

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

std::optional<double> smallest_leak_over_runs(const record::Scenario& scenario,
                                              const config::ScenarioSettings& settings) {
  const auto limit = settings.limits.heap_growth_bytes_per_iteration;
  const auto runs = runs_of_figure(scenario, settings, &Checkpoint::heap_bytes);
  if (!limit || runs.size() < 2) return {};
  std::int64_t comes_and_goes = 0;
  for (const auto& run : runs) comes_and_goes = std::max(comes_and_goes, range_of(last_eighth(run.series)));
  const auto shows = [&](double rate) {
    const auto added = rate * static_cast<double>(runs.front().growth.iterations);
    if (added <= numbers::noise_exceeded * static_cast<double>(comes_and_goes)) return false;
    auto leaking = runs;
    for (auto& run : leaking) {
      run.series = planted(run.series, rate, numbers::smallest_block_bytes);
      run.growth.growth = level_at_end(run.series, &Checkpoint::heap_bytes) - run.series.front().value;
    }
    const auto shape = suspect_of(suspect_kinds[0], leaking, *limit).growth.shape;
    return rate > *limit && (shape == Shape::unknown || goes_on(shape));
  };
  std::int64_t largest = numbers::smallest_block_bytes;
  for (const auto& run : runs) largest = std::max(largest, range_of(run.series));
  const auto& ends = runs.back().growth.iterations - runs.front().growth.iterations;
  return smallest_rate(shows,
                       *limit + numbers::surely_seen * static_cast<double>(largest) / static_cast<double>(ends));
}

void weigh_by_scaled_runs(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                          Judgement& judgement) {
  if (scenario.scaled_runs.empty()) {
    if (!scenario.is_fixed || scenario.measured != record::Measured::in_loop) return;
    leave_unproven(judgement);
  } else {
    const auto suspects = suspects_of(scenario, settings, judgement);
    std::erase_if(judgement.findings, [&](Finding& finding) {
      const auto* const suspect = is_suspicious(finding) ? strongest(suspects, finding.kind) : nullptr;
      return suspect != nullptr && !weigh(scenario, *suspect, finding);
    });
  }
  judgement.verdict = worst_of(judgement.findings);
}

}  // namespace soak::verdict
