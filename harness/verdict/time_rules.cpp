// The rules for what was sampled over time, a program that runs on: its load is not ours, so that one sample is as
// good as another, and only what is kept through the whole run means something.
#include "verdict/time_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/completeness.hpp"
#include "verdict/growth_in_run.hpp"
#include "verdict/numbers.hpp"
#include "verdict/resident_rules.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

/// The highest of the first eighth and the lowest of the last.
struct Levels {
  std::int64_t begin = 0, end = 0;
  [[nodiscard]] std::int64_t growth() const { return end - begin; }
};

std::optional<Levels> levels_of(const Series& series) {
  if (series.empty()) return {};
  const auto width = (series.back().iteration - series.front().iteration) / 8;
  Levels levels{series.front().value, series.back().value};
  for (const auto& sample : series) {
    if (sample.iteration <= series.front().iteration + width) levels.begin = std::max(levels.begin, sample.value);
    if (sample.iteration >= series.back().iteration - width) levels.end = std::min(levels.end, sample.value);
  }
  return levels;
}

std::string since(const Growth& shape) { return fmt::format("from second {} on", shape.since_iteration); }

/// Beyond the limit, and what is kept from the start to the end.
std::optional<Growth> heap_leak(const Series& series, double limit) {
  const auto growth = growth_in_run(series, Reader::exact, numbers::smallest_block_bytes);
  const bool leaks = goes_on(growth.shape) && growth.per_iteration > limit && levels_of(series)->growth() > 0;
  return leaks ? std::optional(growth) : std::nullopt;
}

void judge_heap_over_time(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  const auto series = evidence.series(&Checkpoint::heap_bytes);
  if (!limit || series.empty()) return;
  const auto leak = heap_leak(series, *limit);
  if (!leak) return;
  const auto& shape = *leak;
  Finding finding{"heap_growth", shape.per_iteration, *limit,
                  fmt::format("live heap grows {} per second {} ({}; limit {}); {} in all",
                              format_bytes(shape.per_iteration), since(shape), to_string(shape.shape),
                              format_bytes(*limit), format_bytes(static_cast<double>(levels_of(series)->growth())))};
  // A leak follows the load: where that falls, or is unknown, time is no measure of it.
  if (!keeps_pace(shape.shape))
    finding.message += "; if its load slows down as well, count by work instead: --iterations=N with --drive";
  finding.shape = shape.shape;
  finding.per_iteration = shape.per_iteration;
  judgement.add(keeps_pace(shape.shape) ? Verdict::leak : Verdict::growing, std::move(finding));
}

struct Count {
  const char* kind;
  const char* what;
  Reading reading;
  std::optional<std::int64_t> config::Limits::*limit;
};
constexpr Count counts[] = {
    {"open_files", "open files", &Checkpoint::open_files, &config::Limits::open_files_growth},
    {"threads", "threads", &Checkpoint::threads, &config::Limits::threads_growth},
    {"children", "child processes", &Checkpoint::children, &config::Limits::children_growth},
};

void judge_count_over_time(const Evidence& evidence, const Count& count, Judgement& judgement) {
  const auto limit = evidence.settings.limits.*count.limit;
  const auto series = evidence.series(count.reading);
  const auto levels = levels_of(series);
  if (!limit || !levels || levels->growth() <= *limit) return;
  const auto shape = growth_in_run(series, Reader::exact);
  if (!goes_on(shape.shape)) return;
  Finding finding{count.kind, static_cast<double>(levels->growth()), static_cast<double>(*limit),
                  fmt::format("{} grow {:.3g} per second {} ({}); {} in all (limit {})", count.what,
                              shape.per_iteration, since(shape), to_string(shape.shape), levels->growth(), *limit)};
  finding.shape = shape.shape;
  finding.per_iteration = shape.per_iteration;
  judgement.add(keeps_pace(shape.shape) ? Verdict::leak : Verdict::growing, std::move(finding));
}

/// Of a program that is not ours no more is asked than can be had, and the verdict says why it cannot. What should
/// have been counted and was not, or not to the end, hides what it did meanwhile.
void judge_missing_heap(const Evidence& evidence, Judgement& judgement) {
  const auto& why = evidence.repetition.heap_unavailable;
  const auto& limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  const auto heap = evidence.series(&Checkpoint::heap_bytes);
  if (!limit || evidence.last->heap_bytes || (heap.empty() && !why.empty())) return;
  const auto seen =
      heap.empty() ? std::string("not counted")
                   : fmt::format("counted to second {} of {} only", heap.back().iteration, evidence.last->iteration);
  judgement.add_missing(fmt::format("live heap was {}, so its limit of {} per second cannot be judged{}{}", seen,
                                    format_bytes(*limit), why.empty() ? "" : ": ", why));
}

/// What is known beside growth of resident memory: whether live heap makes it, or that nobody counted it.
std::string beside_resident(const Evidence& evidence, std::int64_t growth) {
  const auto heap = levels_of(evidence.series(&Checkpoint::heap_bytes));
  if (heap) return beside_live_heap(evidence, growth, heap->growth());
  return "; live heap was not counted, so that whether it leaks is not known";
}

/// Where nothing exact was counted, a trend of resident memory is all there is: it makes a suspect, no proof.
std::string resident_trend(const Evidence& evidence, const Growth& shape) {
  if (!evidence.series(&Checkpoint::heap_bytes).empty() || !goes_on(shape.shape)) return {};
  return fmt::format("resident memory grows {} per second ({})", format_bytes(shape.per_iteration),
                     to_string(shape.shape));
}

void judge_resident_growth(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.final_growth_bytes;
  const auto series = evidence.series(&Checkpoint::rss_bytes);
  const auto growth = levels_of(series)->growth();
  const auto shape = growth_in_run(series, Reader::noisy);
  const auto trend = resident_trend(evidence, shape);
  const auto in_all = format_bytes(static_cast<double>(growth));
  Finding finding{"final_growth", static_cast<double>(growth), {}, {}};
  if (!trend.empty()) {
    finding.shape = shape.shape;
    finding.per_iteration = shape.per_iteration;
  }
  if (limit && growth > *limit) {
    finding.limit = static_cast<double>(*limit);
    finding.message =
        fmt::format("resident memory grew {} (limit {}){}{}{}", in_all, format_bytes(static_cast<double>(*limit)),
                    beside_resident(evidence, growth), trend.empty() ? "" : "; ", trend);
    judgement.add(Verdict::over_threshold, std::move(finding));
  } else if (!trend.empty() && growth > numbers::restless_bytes) {
    finding.message =
        fmt::format("{}, {} in all; without exact counters that is a suspicion, not a proof", trend, in_all);
    judgement.add(Verdict::growing, std::move(finding));
  }
}

void judge_resident_peaks(const Evidence& evidence, Judgement& judgement) {
  const auto& limits = evidence.settings.limits;
  const auto judge = [&](const char* kind, const char* what, std::int64_t value, std::optional<std::int64_t> limit) {
    if (limit && value > *limit)
      judgement.add(Verdict::over_threshold,
                    {kind, static_cast<double>(value), static_cast<double>(*limit),
                     fmt::format("{} {} (limit {})", what, format_bytes(static_cast<double>(value)),
                                 format_bytes(static_cast<double>(*limit)))});
  };
  const auto peak = evidence.peak_rss_bytes().value_or(0);
  const auto begin = levels_of(evidence.series(&Checkpoint::rss_bytes))->begin;
  judge("peak_growth", "resident memory peaked above its level at the beginning by", peak - begin,
        limits.peak_growth_bytes);
  judge("peak_rss", "resident memory peaked at", peak, limits.peak_rss_bytes);
}

void judge_resident_over_time(const Evidence& evidence, Judgement& judgement) {
  if (evidence.series(&Checkpoint::rss_bytes).empty())
    return judgement.add_missing("resident memory was not measured, so its growth cannot be judged");
  judge_resident_growth(evidence, judgement);
  judge_resident_peaks(evidence, judgement);
}

/// Per second, in blocks of the smallest size.
std::optional<double> smallest_leak_over_time(const Evidence& evidence, const Series& heap) {
  const auto& limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  const auto seconds = heap.back().iteration - heap.front().iteration;
  if (!limit || seconds < numbers::fewest_seconds) return {};
  const auto rest = without_what_noise_may_add(heap);
  const auto shows = [&](double rate) {
    return heap_leak(planted(rest, rate, numbers::smallest_block_bytes), *limit).has_value();
  };
  const auto hidden = std::max(range_of(heap), numbers::smallest_block_bytes);
  return smallest_rate(shows,
                       *limit + numbers::surely_seen * static_cast<double>(hidden) / static_cast<double>(seconds));
}

}  // namespace

void judge_over_time(const Evidence& evidence, Judgement& judgement) {
  if (!judge_completeness(evidence, judgement)) return;
  if (evidence.last->iteration < numbers::fewest_seconds)
    judgement.add_missing(
        fmt::format("was watched for {} s, too short to tell growth from what comes and goes; watch it "
                    "for {} s at least, better for minutes",
                    evidence.last->iteration, numbers::fewest_seconds));
  judge_missing_heap(evidence, judgement);
  judge_heap_over_time(evidence, judgement);
  for (const auto& count : counts) judge_count_over_time(evidence, count, judgement);
  judge_resident_over_time(evidence, judgement);
}

void fill_figures_over_time(const Evidence& evidence, ScenarioVerdict& verdict) {
  verdict.iterations = evidence.repetition.iterations;
  verdict.is_over_time = true;
  const auto resident = levels_of(evidence.series(&Checkpoint::rss_bytes));
  if (resident) {
    verdict.rss_growth_bytes = resident->growth();
    verdict.rss_peak_growth_bytes = evidence.peak_rss_bytes().value_or(resident->begin) - resident->begin;
  }
  const auto heap = evidence.series(&Checkpoint::heap_bytes);
  if (heap.empty()) return;
  const auto shape = growth_in_run(heap, Reader::exact, numbers::smallest_block_bytes);
  verdict.heap_growth_bytes_per_iteration = goes_on(shape.shape) ? shape.per_iteration : 0;
  verdict.heap_growth_is_noise = !goes_on(shape.shape);
  if (verdict.verdict == Verdict::pass)
    verdict.smallest_leak_seen_bytes_per_iteration = smallest_leak_over_time(evidence, heap);
}

}  // namespace soak::verdict
