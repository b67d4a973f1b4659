#include "verdict/resident_rules.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/growth_in_run.hpp"
#include "verdict/numbers.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

std::string bytes(std::int64_t value) { return format_bytes(static_cast<double>(value)); }

Finding finding(const char* kind, std::int64_t value, std::int64_t limit, std::string message) {
  return {kind, static_cast<double>(value), static_cast<double>(limit), std::move(message)};
}

std::string around_trim(const record::Repetition& repetition) {
  const auto& before = repetition.rss_before_trim_bytes;
  const auto& after = repetition.rss_after_trim_bytes;
  if (!before || !after) return {};
  return fmt::format("; {} resident before malloc_trim, {} after", bytes(*before), bytes(*after));
}

bool makes_most_of(std::optional<std::int64_t> part, std::int64_t growth) { return part.value_or(0) > growth / 2; }

// What grows in resident memory besides live heap, as far as other readings tell. After a trim the allocator keeps
// what lies between live blocks only; without one it may keep all that was freed.
std::string what_it_may_be(const Evidence& evidence, std::int64_t growth) {
  const auto own = evidence.growth(&Checkpoint::uss_bytes);
  if (own && !makes_most_of(own, growth)) return "pages of files or of shared memory";
  if (evidence.growth(&Checkpoint::threads).value_or(0) > 0) return "stacks of threads, or fragmentation of the heap";
  const auto address_space = evidence.growth(&Checkpoint::vms_bytes);
  if (address_space && !makes_most_of(address_space, growth))
    return "pages that were mapped before and are used only now: the allocator's, of stacks, of files";
  return evidence.repetition.rss_after_trim_bytes ? "fragmentation of the heap, or mappings outside it"
                                                  : "memory that the allocator keeps, or mappings outside the heap";
}

// Growth of the heap that benchmarks.toml expects is resident as well, and left aside.
std::string limit_text(const Evidence& evidence, std::int64_t limit) {
  const auto expected = evidence.expected_heap_growth();
  return expected == 0 ? fmt::format("limit {}", bytes(limit))
                       : fmt::format("limit {}, and {} of live heap were expected", bytes(limit), bytes(expected));
}

std::string beside_resident(const Evidence& evidence, std::int64_t growth) {
  if (const auto heap = evidence.growth(&Checkpoint::heap_bytes)) return beside_live_heap(evidence, growth, *heap);
  return "; live heap was not counted, so that whether it leaks is not known";
}

void judge_final_growth(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.final_growth_bytes;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::rss_bytes);
  if (!growth) return judgement.add_missing("resident memory was not measured, so its growth cannot be judged");
  if (*growth - evidence.expected_heap_growth() <= *limit) return;
  judgement.add(Verdict::over_threshold,
                finding("final_growth", *growth, *limit,
                        fmt::format("resident memory grew {} ({}){}", bytes(*growth), limit_text(evidence, *limit),
                                    beside_resident(evidence, *growth))));
}

void judge_peak_growth(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.peak_growth_bytes;
  if (!limit) return;
  const auto peak = evidence.peak_rss_bytes();
  if (!peak || !evidence.baseline->rss_bytes)
    return judgement.add_missing("resident memory was not measured, so its peak cannot be judged");
  const auto growth = *peak - *evidence.baseline->rss_bytes;
  if (growth - evidence.expected_heap_growth() <= *limit) return;
  judgement.add(Verdict::over_threshold, finding("peak_growth", growth, *limit,
                                                 fmt::format("resident memory peaked {} above the baseline ({})",
                                                             bytes(growth), limit_text(evidence, *limit))));
}

void judge_peak_rss(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.peak_rss_bytes;
  if (!limit) return;
  const auto peak = evidence.peak_rss_bytes();
  if (!peak) return judgement.add_missing("resident memory was not measured, so its peak cannot be judged");
  if (*peak <= *limit) return;
  judgement.add(Verdict::over_threshold,
                finding("peak_rss", *peak, *limit,
                        fmt::format("resident memory peaked at {} (limit {})", bytes(*peak), bytes(*limit))));
}

void judge_address_space(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.vms_growth_bytes;
  if (!limit) return;
  const auto growth = evidence.growth(&Checkpoint::vms_bytes);
  if (!growth) return judgement.add_missing("address space was not measured, so its growth cannot be judged");
  if (*growth <= *limit) return;
  judgement.add(
      Verdict::over_threshold,
      finding("mappings", *growth, *limit,
              fmt::format("address space grew {} (limit {}): mappings or stacks of threads that were not given back",
                          bytes(*growth), bytes(*limit))));
}

// ---- resident memory alone ----

// A quarter of the run is warm-up here: with half of it, too few readings would be left.
Series judged_resident(const Evidence& evidence) {
  const auto series = evidence.series(&Checkpoint::rss_bytes);
  const auto judged = from_iteration(
      series, evidence.settings.warm_up.value_or(evidence.last == nullptr ? 0 : evidence.last->iteration / 4));
  return {judged.begin(), judged.end()};
}

double length_of(const Series& series) {
  return static_cast<double>(series.back().iteration - series.front().iteration);
}

bool certainly_grows(const Series& judged, const Trend& trend, double limit) {
  return trend.low > limit &&
         trend.per_iteration * length_of(judged) > static_cast<double>(numbers::resident_batch_bytes);
}

// It certainly does not slow down as a square root does, and was read often enough to know.
bool certainly_keeps_pace(const Series& judged, const Trend& whole, double limit) {
  const auto late = trend_of(std::span(judged).subspan(judged.size() / 2));
  const auto early = trend_of(std::span(judged).first((judged.size() + 1) / 2));
  if (!late || !early || judged.size() < numbers::readings_that_accuse) return false;
  const auto x0 = static_cast<double>(judged.front().iteration), x2 = static_cast<double>(judged.back().iteration),
             x1 = (x0 + x2) / 2;
  const auto least = ratio_of_spans(numbers::certain_exponent, x0, x1, x2);
  return late->low > limit && late->low >= least * std::max(early->per_iteration, whole.per_iteration / 2);
}

std::string resident_growth(const Trend& trend, double limit) {
  return fmt::format(
      "resident memory, the heap not being counted, grows {} per iteration (99.9 % within {} to {}; "
      "limit {})",
      format_bytes(trend.per_iteration), format_bytes(trend.low), format_bytes(trend.high), format_bytes(limit));
}

Verdict verdict_alone(const Series& judged, const Trend& whole, double limit) {
  if (!certainly_grows(judged, whole, limit)) return Verdict::pass;
  if (!goes_on(growth_in_run(judged, Reader::noisy, numbers::resident_batch_bytes).shape)) return Verdict::pass;
  return certainly_keeps_pace(judged, whole, limit) ? Verdict::leak : Verdict::growing;
}

}  // namespace

// Where the live heap explains less than half of it, the reader should not search for a forgotten delete.
std::string beside_live_heap(const Evidence& evidence, std::int64_t growth, std::int64_t heap) {
  if (makes_most_of(heap, growth)) return fmt::format("; live heap grew {} of it", bytes(std::min(heap, growth)));
  return fmt::format(" while live heap grew {}: {}{}", bytes(std::max<std::int64_t>(heap, 0)),
                     what_it_may_be(evidence, growth), around_trim(evidence.repetition));
}

void judge_resident(const Evidence& evidence, Judgement& judgement) {
  judge_final_growth(evidence, judgement);
  judge_peak_growth(evidence, judgement);
  judge_peak_rss(evidence, judgement);
  judge_address_space(evidence, judgement);
}

std::optional<double> smallest_resident_leak_seen(const Evidence& evidence, double limit) {
  const auto judged = without_what_noise_may_add(judged_resident(evidence));
  if (judged.size() < numbers::readings_that_accuse || length_of(judged) <= 0) return {};
  const auto shows = [&](double rate) {
    const auto leaking = planted(judged, rate, numbers::page_bytes);
    const auto trend = trend_of(leaking, numbers::certain_999);
    return trend && verdict_alone(leaking, *trend, limit) != Verdict::pass;
  };
  const auto hidden = std::max(range_of(judged), numbers::resident_batch_bytes);
  return smallest_rate(shows, limit + numbers::surely_seen * static_cast<double>(hidden) / length_of(judged));
}

void judge_resident_alone(const Evidence& evidence, double limit, Judgement& judgement) {
  const auto judged = judged_resident(evidence);
  const auto whole = trend_of(judged, numbers::certain_999);
  if (!whole || !trend_of(std::span(judged).subspan(judged.size() / 2))) {
    judgement.add(Verdict::inconclusive, {"heap_growth",
                                          {},
                                          limit,
                                          "resident memory was read too few times to tell growth from noise, and the "
                                          "heap was not counted; run or watch it longer"});
    return;
  }
  const auto found = verdict_alone(judged, *whole, limit);
  if (found != Verdict::pass) {
    const auto why =
        found == Verdict::leak ? "" : "; it slows down, or was watched too shortly to say that it does not";
    judgement.add(found, {"heap_growth", whole->per_iteration, limit, resident_growth(*whole, limit) + why});
    return;
  }
  if (certainly_grows(judged, *whole, limit)) return;
  // Noise may hide growth; it matters if more could be hidden than may grow in all.
  const auto hidden = (whole->high - std::max(whole->low, 0.0)) * length_of(judged);
  const auto may_grow = evidence.settings.limits.final_growth_bytes;
  if (may_grow && hidden > static_cast<double>(std::max(*may_grow, numbers::resident_batch_bytes)) &&
      whole->high > limit)
    judgement.add(Verdict::inconclusive, {"heap_growth", whole->per_iteration, limit,
                                          fmt::format("{}: noise hides whether it does, up to {} over the run",
                                                      resident_growth(*whole, limit), format_bytes(hidden))});
}

}  // namespace soak::verdict
