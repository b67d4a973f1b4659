// Live heap: exact, so one leaked block a thousand iterations shows.
#include <fmt/format.h>

#include <algorithm>

#include "base/units.hpp"
#include "verdict/evidence.hpp"
#include "verdict/shape.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// The least that malloc hands out on 64-bit glibc.
constexpr std::int64_t smallest_block_bytes = 24;
// glibc rounds requests up to multiples of this, so a constant number of blocks drifts by up to it.
constexpr std::int64_t rounding_bytes_per_block = 16;
// Below this, warm-up is all there is.
constexpr std::int64_t fewest_iterations = 8;

std::optional<WindowedGrowth> judged_growth(const Evidence& evidence) {
  if (evidence.last == nullptr || evidence.last->iteration < fewest_iterations) return {};
  return evidence.windowed(&Checkpoint::heap_bytes);
}

bool is_rounding(const Evidence& evidence, const WindowedGrowth& bytes) {
  return bytes.last_low.value - bytes.first_low.value <= rounding_bytes(evidence);
}

Finding leak(const Evidence& evidence, const WindowedGrowth& growth, double limit) {
  const auto series = evidence.series(&Checkpoint::heap_bytes);
  const auto shape = classify(series, Reader::exact, rounding_bytes(evidence));
  const auto since = goes_on(shape.shape) ? shape.since_iteration : evidence.warm_up;
  const auto grown = series.back().value - from_iteration(series, since).front().value;
  const auto message = fmt::format("live heap grows {} per iteration from iteration {} on (limit {}); {} in all",
                                   format_bytes(growth.per_iteration()), since, format_bytes(limit),
                                   format_bytes(static_cast<double>(grown)));
  return {"heap_growth", growth.per_iteration(), limit, message};
}

// Of the whole run: no more blocks than at the baseline, and no more bytes than rounding makes of them.
bool is_rounding_of_a_short_run(const Evidence& evidence) {
  const auto blocks = evidence.growth(&Checkpoint::heap_blocks);
  return blocks && *blocks <= 0 &&
         *evidence.growth(&Checkpoint::heap_bytes) <= rounding_bytes_per_block * *evidence.baseline->heap_blocks;
}

// Too short to tell a leak from warm-up: what grew is neither convicted nor passed.
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

// A trend that the windows do not show, since what comes and goes is larger. Longer runs tell: a leak outgrows noise.
std::optional<Trend> hidden_trend(const Evidence& evidence, const WindowedGrowth& windowed, double limit) {
  const auto series = evidence.series(&Checkpoint::heap_bytes);
  const auto judged = from_iteration(series, evidence.warm_up);
  const auto trend = trend_of(judged, confidence_999);
  if (!trend || windowed.noise() == 0) return {};
  // Blocks are counted too, and noise in bytes may be that of a few large ones.
  const auto blocks = evidence.windowed(&Checkpoint::heap_blocks);
  const bool blocks_rise = blocks && blocks->rises() && trend->per_iteration > limit;
  if (trend->low <= limit && !blocks_rise) return {};
  const auto growth = trend->per_iteration * static_cast<double>(judged.back().iteration - judged.front().iteration);
  return growth > static_cast<double>(rounding_bytes(evidence)) ? trend : std::nullopt;
}

Finding hidden(const WindowedGrowth& growth, const Trend& trend, double limit) {
  const auto message =
      fmt::format("live heap may grow {} to {} per iteration (limit {}): what comes and goes, {}, hides it",
                  format_bytes(trend.low), format_bytes(trend.high), format_bytes(limit),
                  format_bytes(static_cast<double>(growth.noise())));
  return {"heap_growth", trend.per_iteration, limit, message};
}

// Growth over the gap that the windows would not show: as far as they overlap, and never less than noise at the end,
// since a leak that is there already makes the overlap small. What warms up in the first window hides nothing.
std::int64_t hides(const WindowedGrowth& growth) {
  return std::max(growth.first_high - growth.last_low.value, growth.last_high - growth.last_low.value);
}

}  // namespace

std::int64_t rounding_bytes(const Evidence& evidence) {
  const auto blocks = evidence.windowed(&Checkpoint::heap_blocks);
  if (!blocks || blocks->rises() || blocks->falls()) return 0;
  // Where their number wavers, a trend may be in it all the same.
  const auto series = evidence.series(&Checkpoint::heap_blocks);
  const auto trend = trend_of(from_iteration(series, evidence.warm_up));
  if (trend && trend->low > 0) return 0;
  return rounding_bytes_per_block * blocks->last_high;
}

std::optional<double> heap_growth_per_iteration(const Evidence& evidence) {
  if (const auto growth = judged_growth(evidence)) return growth->per_iteration();
  const auto total = evidence.growth(&Checkpoint::heap_bytes);
  if (!total || evidence.last->iteration <= evidence.baseline->iteration) return {};
  return static_cast<double>(*total) / static_cast<double>(evidence.last->iteration - evidence.baseline->iteration);
}

std::optional<double> smallest_leak_seen(const Evidence& evidence) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  const auto growth = judged_growth(evidence);
  if (!limit || !growth) return {};
  const auto blocks = evidence.windowed(&Checkpoint::heap_blocks);
  const auto hidden_blocks = blocks ? hides(*blocks) : 0;
  const auto hidden_bytes = std::max(hides(*growth), smallest_block_bytes * (hidden_blocks + 1));
  const auto gap = static_cast<double>(growth->gap_iterations);
  const auto rises_from = static_cast<double>(hidden_bytes) / gap;
  // Noise may also lie between the slope of the lowest readings and that of the leak; where any slope is too much
  // that does not matter.
  return *limit > 0 ? std::max(rises_from, *limit + static_cast<double>(growth->noise()) / gap) : rises_from;
}

bool is_heap_growth_noise(const Evidence& evidence) {
  const auto growth = judged_growth(evidence);
  if (!growth || growth->falls()) return false;
  return !growth->rises() || is_rounding(evidence, *growth);
}

void judge_heap(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  if (!limit) return;
  if (!evidence.growth(&Checkpoint::heap_bytes)) {
    if (evidence.growth(&Checkpoint::rss_bytes)) judge_resident_alone(evidence, *limit, judgement);
    const auto& why = evidence.repetition.heap_unavailable;
    // Of a program that is not ours no more is asked than can be had; the report says so.
    if (evidence.scenario.is_program && !why.empty()) return;
    judgement.add_missing(
        fmt::format("live heap was not measured, so its limit of {} per iteration cannot be judged{}{}",
                    format_bytes(*limit), why.empty() ? "" : ": ", why));
    return;
  }
  const auto growth = judged_growth(evidence);
  if (!growth) {
    judge_short_run(evidence, *limit, judgement);
  } else if (growth->rises() && growth->per_iteration() > *limit && !is_rounding(evidence, *growth)) {
    judgement.add(Verdict::leak, leak(evidence, *growth, *limit));
  } else if (const auto trend = hidden_trend(evidence, *growth, *limit); trend && !growth->rises()) {
    judgement.add(Verdict::inconclusive, hidden(*growth, *trend, *limit));
  }
}

}  // namespace soak::verdict
