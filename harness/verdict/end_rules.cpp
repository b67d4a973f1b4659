#include "verdict/end_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>

#include "base/units.hpp"
#include "verdict/completeness.hpp"
#include "verdict/numbers.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Ending;

const Checkpoint* end_of(const record::Repetition& repetition) {
  const bool has_end = repetition.ending == Ending::finished && !repetition.checkpoints.empty() &&
                       repetition.checkpoints.back().kind == record::CheckpointKind::final;
  return has_end ? &repetition.checkpoints.back() : nullptr;
}

/// Every end that there is, by length.
std::multimap<std::int64_t, const Checkpoint*> ends_of(const record::Scenario& scenario) {
  std::multimap<std::int64_t, const Checkpoint*> ends;
  const auto add = [&ends](const record::Repetition& repetition) {
    if (const auto* end = end_of(repetition)) ends.emplace(end->iteration, end);
  };
  for (const auto& repetition : scenario.repetitions) add(repetition);
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  return ends;
}

EndFigure figure_of(const record::Scenario& scenario, const char* kind, Reading reading, std::int64_t granule) {
  EndFigure figure{kind, reading, {.ends = {}, .tolerance = granule}};
  const auto ends = ends_of(scenario);
  std::optional<std::int64_t> shortest;
  for (auto range = ends.begin(); range != ends.end();) {
    const auto length = range->first;
    std::optional<std::int64_t> low, high;
    for (; range != ends.end() && range->first == length; ++range) {
      const auto value = range->second->*reading;
      if (!value) continue;
      low = std::min(low.value_or(*value), *value);
      high = std::max(high.value_or(*value), *value);
    }
    if (!low) continue;
    if (!shortest) shortest = low;
    auto& tolerance = figure.over_runs.tolerance;
    tolerance = std::max(tolerance, numbers::allowance_for_luck * (*high - *low));
    figure.over_runs.ends.push_back({length, *low - *shortest});
  }
  return figure;
}

std::string text_of(Reading reading, std::int64_t value) {
  return reading == &Checkpoint::heap_bytes ? format_bytes(static_cast<double>(value)) : std::to_string(value);
}

/// "0 B at 100, 29 KiB at 400, 146 KiB at 1600"
std::string told(const EndFigure& figure) {
  std::string text;
  for (const auto& [iterations, growth] : figure.over_runs.ends)
    text += fmt::format("{}{} at {}", text.empty() ? "" : ", ", text_of(figure.reading, growth), iterations);
  return text;
}

const char* what_grows(Reading reading) {
  if (reading == &Checkpoint::heap_bytes) return "live heap at the end";
  return reading == &Checkpoint::open_files ? "open files at the end"
                                            : "threads that were neither joined nor detached";
}

std::optional<double> limit_of(Reading reading, const config::Limits& limits) {
  if (reading == &Checkpoint::heap_bytes) return limits.heap_growth_bytes_per_iteration;
  const auto& limit = reading == &Checkpoint::open_files ? limits.open_files_growth : limits.threads_growth;
  return limit ? std::optional(static_cast<double>(*limit)) : std::nullopt;
}

/// Heap is limited by the iteration, things by their number.
double judged_value(const EndFigure& figure) {
  return figure.reading == &Checkpoint::heap_bytes ? growth_per_iteration(figure.over_runs.ends)
                                                   : static_cast<double>(figure.over_runs.ends.back().growth);
}

void judge_figure(const EndFigure& figure, const config::Limits& limits, Judgement& judgement) {
  const auto limit = limit_of(figure.reading, limits);
  if (!limit || figure.over_runs.ends.size() < 2) return;
  const auto shape = growth_over_runs(figure.over_runs).shape;
  if (!goes_on(shape) && shape != Shape::unknown) return;
  const auto value = judged_value(figure);
  if (value <= *limit) return;
  const auto per_iteration = growth_per_iteration(figure.over_runs.ends);
  const bool is_bytes = figure.reading == &Checkpoint::heap_bytes;
  const auto how = keeps_pace(shape)         ? fmt::format("{} with the length", to_string(shape))
                   : shape == Shape::unknown ? std::string("at too few lengths to prove a leak")
                                             : fmt::format("ever slower ({})", to_string(shape));
  Finding finding{
      figure.kind, value, *limit,
      fmt::format("{} grows {} per iteration, {}: {}", what_grows(figure.reading),
                  is_bytes ? format_bytes(per_iteration) : fmt::format("{:.3g}", per_iteration), how, told(figure))};
  finding.shape = shape;
  finding.per_iteration = per_iteration;
  finding.confirmed = figure.over_runs.ends;
  judgement.add(keeps_pace(shape) ? Verdict::leak : Verdict::growing, std::move(finding));
}

/// A run that died says nothing of its length, and something of the program.
void judge_endings(const record::Scenario& scenario, const config::ScenarioSettings& settings, Judgement& judgement) {
  for (const auto& repetition : scenario.repetitions)
    if (!judge_completeness(Evidence(scenario, repetition, settings), judgement)) return;
  for (const auto& [iterations, repetition] : scenario.scaled_runs) {
    if (repetition.ending == Ending::finished) continue;
    Judgement of_run;
    static_cast<void>(judge_completeness(Evidence(scenario, repetition, settings), of_run));
    for (auto& finding : of_run.findings) {
      finding.message = fmt::format("at {} iterations it {}", iterations, finding.message);
      judgement.add(Verdict::error, std::move(finding));
    }
  }
}

void judge_number_of_lengths(const record::Scenario& scenario, const EndFigure& peak, Judgement& judgement) {
  if (peak.over_runs.ends.size() >= 2) return;
  if (!scenario.scaled_runs.empty())
    return judgement.add_missing(
        "was over before its resident memory could be looked at, and nothing else of it is known; give it larger "
        "sizes");
  if (scenario.is_fixed)
    return judgement.add_missing(
        "cannot be scaled and ran at one length only, so growth cannot be told from what it needs; give it a time "
        "(--for 10min), or a loop with soak_iteration() of <soak/soak.h>");
  judgement.add_missing(
      "ran at one length only, so growth cannot be told from what it needs; give it a size, as in "
      "--iterations=100,400,1600 "
      "-- COMMAND {iterations}, a time (--for 10min), a driver (--drive), or a loop with soak_iteration() of "
      "<soak/soak.h>");
}

/// It was over before it could be looked at: only its peak is known, from the kernel. What was held there may have
/// been given back until the end.
void judge_unseen_end(const EndFigure& peak, std::optional<std::int64_t> limit, Judgement& judgement) {
  if (!limit || peak.over_runs.ends.size() < 2 || peak.over_runs.ends.back().growth <= *limit) return;
  const auto growth = static_cast<double>(peak.over_runs.ends.back().growth);
  judgement.add(
      Verdict::inconclusive,
      {"final_growth", growth, static_cast<double>(*limit),
       fmt::format("the peak of resident memory grew {} from {} to {} iterations, and it was over before it could be "
                   "seen whether that stayed (limit {}); give it sizes that keep it busy for a tenth of a second",
                   format_bytes(growth), peak.over_runs.ends.front().iterations,
                   peak.over_runs.ends.back().iterations, format_bytes(static_cast<double>(*limit)))});
}

void judge_resident_by_lengths(const EndFigure& resident, const EndFigure& peak, const ScenarioVerdict& limits,
                               Judgement& judgement) {
  const auto judge_growth = [&](const EndFigure& figure, const char* what, std::optional<std::int64_t> limit) {
    if (!limit || figure.over_runs.ends.size() < 2 || figure.over_runs.ends.back().growth <= *limit) return;
    const auto growth = static_cast<double>(figure.over_runs.ends.back().growth);
    judgement.add(Verdict::over_threshold,
                  {figure.kind, growth, static_cast<double>(*limit),
                   fmt::format("{} grew {} from {} to {} iterations (limit {})", what, format_bytes(growth),
                               figure.over_runs.ends.front().iterations, figure.over_runs.ends.back().iterations,
                               format_bytes(static_cast<double>(*limit)))});
  };
  judge_growth(resident, "resident memory at the end", limits.final_growth_limit_bytes);
  judge_growth(peak, "the peak of resident memory", limits.peak_growth_limit_bytes);
  if (resident.over_runs.ends.size() < 2 && judgement.findings.empty())
    judge_unseen_end(peak, limits.final_growth_limit_bytes, judgement);
}

/// All of it at any length, and not what grew.
void judge_peak_rss(const record::Scenario& scenario, std::optional<std::int64_t> limit, Judgement& judgement) {
  if (!limit) return;
  std::optional<std::int64_t> peak;
  for (const auto& [length, end] : ends_of(scenario)) peak = std::max(peak, end->peak_rss_bytes);
  if (!peak) return judgement.add_missing("resident memory was not measured, so its peak cannot be judged");
  if (*peak <= *limit) return;
  judgement.add(Verdict::over_threshold,
                {"peak_rss", static_cast<double>(*peak), static_cast<double>(*limit),
                 fmt::format("resident memory peaked at {} (limit {})", format_bytes(static_cast<double>(*peak)),
                             format_bytes(static_cast<double>(*limit)))});
}

std::optional<std::int64_t> growth_of(const EndFigure& figure) {
  return figure.over_runs.ends.size() < 2 ? std::nullopt : std::optional(figure.over_runs.ends.back().growth);
}

/// A leak of this or more would not have passed for noise between the ends of runs.
std::optional<double> smallest_leak_seen(const EndFigure& heap) {
  const auto shows = [&](double rate) {
    auto leaking = heap.over_runs;
    for (auto& [iterations, growth] : leaking.ends)
      growth += static_cast<std::int64_t>(rate * static_cast<double>(iterations)) / numbers::smallest_block_bytes *
                numbers::smallest_block_bytes;
    const auto growth = growth_over_runs(leaking);
    return growth.shape == Shape::unknown || goes_on(growth.shape);
  };
  const auto& ends = heap.over_runs.ends;
  const auto length = static_cast<double>(ends.back().iterations - ends.front().iterations);
  std::int64_t largest = heap.over_runs.tolerance;
  for (const auto& end : ends) largest = std::max(largest, std::abs(end.growth));
  return smallest_rate(shows, numbers::surely_seen * static_cast<double>(largest) / length);
}

void fill_figures(const EndFigure& heap, const EndFigure& resident, const EndFigure& peak, ScenarioVerdict& verdict) {
  if (!peak.over_runs.ends.empty()) verdict.iterations = peak.over_runs.ends.back().iterations;
  verdict.rss_growth_bytes = growth_of(resident);
  verdict.rss_peak_growth_bytes = growth_of(peak);
  if (heap.over_runs.ends.size() < 2) return;
  verdict.heap_growth_bytes_per_iteration = growth_per_iteration(heap.over_runs.ends);
  verdict.heap_growth_is_noise = growth_over_runs(heap.over_runs).shape == Shape::flat;
  if (verdict.verdict == Verdict::pass) verdict.smallest_leak_seen_bytes_per_iteration = smallest_leak_seen(heap);
}

}  // namespace

std::vector<EndFigure> end_figures(const record::Scenario& scenario) {
  return {figure_of(scenario, "heap_growth", &Checkpoint::heap_bytes, numbers::smallest_block_bytes),
          figure_of(scenario, "open_files", &Checkpoint::open_files, 0),
          figure_of(scenario, "threads", &Checkpoint::joinable_threads, 0)};
}

void judge_by_lengths(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                      ScenarioVerdict& verdict) {
  Judgement judgement;
  const auto figures = end_figures(scenario);
  const auto resident = figure_of(scenario, "final_growth", &Checkpoint::rss_bytes, 0);
  const auto peak = figure_of(scenario, "peak_growth", &Checkpoint::peak_rss_bytes, 0);
  judge_endings(scenario, settings, judgement);
  if (judgement.findings.empty()) judge_number_of_lengths(scenario, peak, judgement);
  for (const auto& figure : figures) judge_figure(figure, settings.limits, judgement);
  judge_resident_by_lengths(resident, peak, verdict, judgement);
  judge_peak_rss(scenario, settings.limits.peak_rss_bytes, judgement);
  verdict.verdict = judgement.verdict;
  verdict.findings = std::move(judgement.findings);
  fill_figures(figures.front(), resident, peak, verdict);
}

bool is_undecided_by_lengths(const record::Scenario& scenario) {
  return std::ranges::any_of(end_figures(scenario), [](const EndFigure& figure) {
    if (figure.over_runs.ends.empty()) return false;
    const auto shape = growth_over_runs(figure.over_runs).shape;
    // What seems to come to its end may hide a small leak behind a large warm-up: longer runs show it.
    return shape == Shape::unknown || shape == Shape::stopped || shape == Shape::slower;
  });
}

}  // namespace soak::verdict
