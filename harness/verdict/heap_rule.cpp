#include "verdict/heap_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/growth_in_run.hpp"
#include "verdict/numbers.hpp"
#include "verdict/resident_rules.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Repetition;

/// Bytes and blocks after warm-up. Blocks are empty if they were not counted.
struct JudgedHeap {
  Series bytes, blocks;
};

std::optional<JudgedHeap> judged_heap(const Evidence& evidence) {
  if (evidence.last == nullptr || evidence.last->iteration < numbers::fewest_iterations) return {};
  auto bytes = evidence.judged_series(&Checkpoint::heap_bytes);
  if (!growth_over_windows(bytes)) return {};
  return JudgedHeap{std::move(bytes), evidence.judged_series(&Checkpoint::heap_blocks)};
}

// A constant number of blocks drifts by what the allocator rounds up. If their number wavers, a trend may be in it
// all the same.
std::int64_t rounding_of(const Series& blocks) {
  const auto windows = growth_over_windows(blocks);
  if (!windows || windows->falls() || certain_rise(blocks, 0, 0)) return 0;
  const auto trend = trend_of(blocks);
  if (trend && trend->low > 0) return 0;
  return numbers::rounding_bytes_per_block * windows->last_high;
}

// Blocks are counted too, and noise in bytes may be that of a few large ones: then their rise is the leak's, and the
// trend of the bytes its rate.
std::optional<Rise> rise_of(const JudgedHeap& heap, double limit) {
  const auto rounding = rounding_of(heap.blocks);
  if (const auto rise = certain_rise(heap.bytes, rounding, limit)) return rise;
  const auto trend =
      rounding == 0 && certain_rise(heap.blocks, 0, 0) ? trend_of(heap.bytes, numbers::certain_999) : std::nullopt;
  if (!trend || trend->per_iteration <= limit) return {};
  return Rise{trend->per_iteration, Interval{trend->low, trend->high}};
}

std::int64_t grown_since(const Series& series, std::int64_t since) {
  const auto from = from_iteration(series, since);
  return from.empty() ? 0 : growth_of(from);
}

Finding leak(const Evidence& evidence, const Rise& rise, double limit) {
  const auto series = evidence.series(&Checkpoint::heap_bytes);
  const auto growth = growth_in_run(series, Reader::exact, rounding_bytes(evidence));
  const auto since = goes_on(growth.shape) ? growth.since_iteration : evidence.warm_up;
  const auto message = fmt::format("live heap grows {} per iteration from iteration {} on (limit {}); {} in all",
                                   format_bytes(rise.per_iteration), since, format_bytes(limit),
                                   format_bytes(static_cast<double>(grown_since(series, since))));
  return {"heap_growth", rise.per_iteration, limit, message};
}

Finding hidden(const JudgedHeap& heap, const Rise& rise, double limit) {
  const auto message =
      fmt::format("live heap may grow {} to {} per iteration (limit {}): what comes and goes, {}, hides it",
                  format_bytes(rise.interval->low), format_bytes(rise.interval->high), format_bytes(limit),
                  format_bytes(static_cast<double>(fallback_of(heap.bytes))));
  return {"heap_growth", rise.per_iteration, limit, message};
}

// Of the whole run: no more blocks than at the baseline, and no more bytes than rounding makes of them.
bool is_rounding_of_a_short_run(const Evidence& evidence) {
  const auto blocks = evidence.growth(&Checkpoint::heap_blocks);
  return blocks && *blocks <= 0 &&
         *evidence.growth(&Checkpoint::heap_bytes) <=
             numbers::rounding_bytes_per_block * *evidence.baseline->heap_blocks;
}

// Too short to distinguish a leak from warm-up: what grew is neither convicted nor passed.
void judge_short_run(const Evidence& evidence, double limit, Judgement& judgement) {
  const auto per_iteration = heap_growth_per_iteration(evidence);
  if (!per_iteration || *per_iteration <= limit || is_rounding_of_a_short_run(evidence)) return;
  const auto way_out = evidence.settings.warm_up
                           ? fmt::format("run more iterations or lower warm_up ({})", evidence.warm_up)
                           : std::string("run more iterations");
  judgement.add(
      Verdict::growing,
      {"heap_growth", *per_iteration, limit,
       fmt::format("live heap grew {} per iteration over {} iterations (limit {}), too few to tell a leak from "
                   "warm-up; {}",
                   format_bytes(*per_iteration), evidence.last->iteration, format_bytes(limit), way_out)});
}

void judge_without_heap(const Evidence& evidence, double limit, Judgement& judgement) {
  if (evidence.growth(&Checkpoint::rss_bytes)) judge_resident_alone(evidence, limit, judgement);
  const auto& why = evidence.repetition.heap_unavailable;
  // Of a program that is not ours no more is asked than can be had; the report says so.
  if (evidence.scenario.is_program && !why.empty()) return;
  judgement.add_missing(
      fmt::format("live heap was not measured, so its limit of {} per iteration cannot be judged{}{}",
                  format_bytes(limit), why.empty() ? "" : ": ", why));
}

std::vector<const Repetition*> finished_runs(const record::Scenario& scenario) {
  std::vector<const Repetition*> runs;
  const auto add = [&](const Repetition& repetition) {
    if (repetition.ending == record::Ending::finished) runs.push_back(&repetition);
  };
  for (const auto& repetition : scenario.repetitions) add(repetition);
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  return runs;
}

std::int64_t largest_heap_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings) {
  std::int64_t largest = 0;
  for (const auto* run : finished_runs(scenario))
    largest = std::max(largest, Evidence(scenario, *run, settings).growth(&Checkpoint::heap_bytes).value_or(0));
  return largest;
}

}  // namespace

std::int64_t rounding_bytes(const Evidence& evidence) {
  return rounding_of(evidence.judged_series(&Checkpoint::heap_blocks));
}

std::optional<double> rising_heap_per_iteration(const Evidence& evidence) {
  const auto heap = judged_heap(evidence);
  const auto rise = heap ? rise_of(*heap, 0) : std::nullopt;
  return rise && !rise->interval ? std::optional(rise->per_iteration) : std::nullopt;
}

std::optional<double> heap_growth_per_iteration(const Evidence& evidence) {
  if (const auto heap = judged_heap(evidence)) return growth_over_windows(heap->bytes)->per_iteration();
  const auto total = evidence.growth(&Checkpoint::heap_bytes);
  if (!total || evidence.last->iteration <= evidence.baseline->iteration) return {};
  return static_cast<double>(*total) / static_cast<double>(evidence.last->iteration - evidence.baseline->iteration);
}

bool is_heap_growth_noise(const Evidence& evidence) {
  const auto heap = judged_heap(evidence);
  if (!heap || growth_over_windows(heap->bytes)->falls()) return false;
  const auto rise = rise_of(*heap, 0);
  return !rise || rise->interval;
}

std::optional<double> smallest_heap_leak_seen(const Evidence& evidence) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  auto heap = judged_heap(evidence);
  if (!limit || !heap) return {};
  heap = {without_what_noise_may_add(heap->bytes), without_what_noise_may_add(heap->blocks)};
  const auto iterations = static_cast<double>(heap->bytes.back().iteration);
  // Longer runs must see it as well: what it adds is more than what comes and goes at their ends.
  const auto comes_and_goes = static_cast<double>(fallback_of(heap->bytes));
  const auto shows = [&](double rate) {
    if (rate * iterations <= numbers::noise_exceeded * comes_and_goes) return false;
    JudgedHeap leaking{planted(heap->bytes, rate, numbers::smallest_block_bytes), heap->blocks};
    for (std::size_t i = 0; i < heap->blocks.size(); ++i)
      leaking.blocks[i].value += static_cast<std::int64_t>(rate * static_cast<double>(heap->blocks[i].iteration)) /
                                 numbers::smallest_block_bytes;
    return rise_of(leaking, *limit).has_value();
  };
  const auto length = static_cast<double>(heap->bytes.back().iteration - heap->bytes.front().iteration);
  const auto blocks = heap->blocks.empty() ? 0 : range_of(heap->blocks);
  const auto hidden = std::max(range_of(heap->bytes), numbers::smallest_block_bytes * (blocks + 1));
  return smallest_rate(shows, *limit + numbers::surely_seen * static_cast<double>(hidden) / length);
}

void judge_heap(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  if (!limit) return;
  if (!evidence.growth(&Checkpoint::heap_bytes)) return judge_without_heap(evidence, *limit, judgement);
  const auto heap = judged_heap(evidence);
  if (!heap) return judge_short_run(evidence, *limit, judgement);
  const auto rise = rise_of(*heap, *limit);
  if (!rise) return;
  if (rise->interval)
    judgement.add(Verdict::inconclusive, hidden(*heap, *rise, *limit));
  else
    judgement.add(Verdict::leak, leak(evidence, *rise, *limit));
}

double leak_hidden_by_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings) {
  const auto runs = finished_runs(scenario);
  if (!settings.expected_growth_bytes || runs.empty()) return 0;
  const auto* const longest =
      *std::ranges::max_element(runs, {}, [](const Repetition* run) { return run->iterations.value_or(0); });
  const Evidence evidence(scenario, *longest, settings);
  if (!rising_heap_per_iteration(evidence) || evidence.last->iteration <= 0) return 0;
  return static_cast<double>(*settings.expected_growth_bytes) / static_cast<double>(evidence.last->iteration);
}

void leave_out_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                               Judgement& judgement) {
  if (!settings.expected_growth_bytes || largest_heap_growth(scenario, settings) > *settings.expected_growth_bytes)
    return;
  // A limit at a single checkpoint is exceeded all the same: that one is over_threshold.
  std::erase_if(judgement.findings, [](const Finding& finding) {
    return finding.kind == "heap_growth" && finding.verdict != Verdict::over_threshold;
  });
  judgement.verdict = worst_of(judgement.findings);
}

}  // namespace soak::verdict
