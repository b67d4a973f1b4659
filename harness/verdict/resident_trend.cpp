// Resident memory as the only witness: of programs that are watched from outside, whose heap nobody counts.
//
// It is noisy, and each reading depends on the one before; so a leak is a trend that is certain in spite of both, and
// that does not slow down.
#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/evidence.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

constexpr std::size_t readings_that_prove = 32;  // fewer may be all warm-up
// The kernel counts resident pages in batches of up to 64 a processor.
constexpr double page_bytes = 4096, least_growth_bytes = 64 * page_bytes;
// Of the slope of the first half of what is judged, what the second must certainly have to keep pace: a logarithm has
// half of it. Below the other it has all but stopped.
constexpr double keeps_pace_from = 0.6, slows_down_from = 0.125;

struct ResidentTrend {
  Trend whole;        ///< 99.9 %.
  Trend early, late;  ///< Of the halves; 95 %.
  std::size_t readings = 0;
  double iterations = 0;
};

// A quarter of the run is warm-up here: with half of it, too few readings would be left.
std::int64_t judged_from(const Evidence& evidence) {
  return evidence.settings.warm_up.value_or(evidence.last->iteration / 4);
}

std::optional<ResidentTrend> resident_trend(const Evidence& evidence) {
  const auto series = evidence.series(&Checkpoint::rss_bytes);
  const auto judged = from_iteration(series, judged_from(evidence));
  const auto whole = trend_of(judged, confidence_999);
  if (!whole) return {};
  const auto early = trend_of(judged.first((judged.size() + 1) / 2));
  const auto late = trend_of(judged.subspan(judged.size() / 2));
  if (!early || !late) return {};
  return ResidentTrend{*whole, *early, *late, judged.size(),
                       static_cast<double>(judged.back().iteration - judged.front().iteration)};
}

bool grows(const ResidentTrend& trend, double limit) {
  return trend.whole.low > limit && trend.whole.per_iteration * trend.iterations > least_growth_bytes;
}

Verdict verdict_of(const ResidentTrend& trend, double limit) {
  if (trend.late.per_iteration < slows_down_from * trend.whole.per_iteration) return Verdict::pass;
  const auto steady = std::max(trend.early.per_iteration, trend.whole.per_iteration / 2);
  const bool keeps_pace = trend.late.low > limit && trend.late.low >= keeps_pace_from * steady;
  return keeps_pace && trend.readings >= readings_that_prove ? Verdict::leak : Verdict::growing;
}

std::string told(const Trend& trend, double limit) {
  return fmt::format(
      "resident memory, the heap not being counted, grows {} per iteration (99.9 % within {} to {}; "
      "limit {})",
      format_bytes(trend.per_iteration), format_bytes(trend.low), format_bytes(trend.high), format_bytes(limit));
}

}  // namespace

std::optional<double> smallest_resident_leak_seen(const Evidence& evidence, double limit) {
  const auto trend = evidence.last == nullptr ? std::nullopt : resident_trend(evidence);
  if (!trend || trend->readings < readings_that_prove || trend->iterations <= 0) return {};
  // A leak adds its slope to what was read: what fell, by chance or not, it has to make up for.
  const auto& whole = trend->whole;
  const auto to_be_certain = std::max(whole.high, 0.0) - whole.low;
  const auto to_be_large = least_growth_bytes / trend->iterations + std::max(-whole.per_iteration, 0.0);
  const auto to_go_on = (slows_down_from * whole.per_iteration - trend->late.per_iteration) / (1 - slows_down_from);
  // A leak shows by whole pages.
  return limit + std::max({to_be_certain, to_be_large, to_go_on}) + page_bytes / trend->iterations;
}

void judge_resident_alone(const Evidence& evidence, double limit, Judgement& judgement) {
  const auto trend = resident_trend(evidence);
  if (!trend) {
    judgement.add(Verdict::inconclusive, {"heap_growth",
                                          {},
                                          limit,
                                          "resident memory was read too few times to tell growth from noise, and the "
                                          "heap was not counted; run or watch it longer"});
    return;
  }
  const auto& whole = trend->whole;
  if (grows(*trend, limit)) {
    const auto found = verdict_of(*trend, limit);
    if (found == Verdict::pass) return;
    const auto why =
        found == Verdict::leak ? "" : "; it slows down, or was watched too shortly to say that it does not";
    judgement.add(found, {"heap_growth", whole.per_iteration, limit, told(whole, limit) + why});
    return;
  }
  // Noise may hide growth; it matters where more could be hidden than may grow in all.
  const auto hidden = (whole.high - std::max(whole.low, 0.0)) * trend->iterations;
  const auto may_grow = evidence.settings.limits.final_growth_bytes;
  if (may_grow && hidden > std::max(static_cast<double>(*may_grow), least_growth_bytes) && whole.high > limit)
    judgement.add(Verdict::inconclusive, {"heap_growth", whole.per_iteration, limit,
                                          fmt::format("{}: noise hides whether it does, up to {} over the run",
                                                      told(whole, limit), format_bytes(hidden))});
}

}  // namespace soak::verdict
