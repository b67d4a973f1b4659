// Live heap: exact, so one leaked block a thousand iterations shows.
#include <fmt/format.h>

#include <algorithm>

#include "config/units.hpp"
#include "verdict/evidence.hpp"

namespace soak::verdict {
namespace {

using config::format_bytes;
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

// The number of blocks is flat and the bytes moved by no more than what rounding can move them.
bool is_rounding(const Evidence& evidence, const WindowedGrowth& bytes) {
  const auto blocks = evidence.windowed(&Checkpoint::heap_blocks);
  if (!blocks || blocks->rises() || blocks->falls()) return false;
  return bytes.last_low.value - bytes.first_low.value <= rounding_bytes_per_block * blocks->last_high;
}

Finding leak(const Evidence& evidence, const WindowedGrowth& growth, double limit) {
  const auto message = fmt::format("live heap grows {} per iteration from iteration {} on (limit {}); {} in all",
                                   format_bytes(growth.per_iteration()), evidence.warm_up, format_bytes(limit),
                                   format_bytes(static_cast<double>(growth.total)));
  return {"heap_growth", growth.per_iteration(), limit, message};
}

bool every_step_rises(const Series& series) {
  return series.size() > 1 &&
         std::ranges::adjacent_find(series, std::ranges::greater_equal{}, &Sample::value) == series.end();
}

// Too short to tell a leak from warm-up: growth at each checkpoint is said, and not taken for more than it is.
void judge_short_run(const Evidence& evidence, double limit, Judgement& judgement) {
  const auto per_iteration = heap_growth_per_iteration(evidence);
  const auto blocks = evidence.series(&Checkpoint::heap_blocks);
  const bool grows =
      per_iteration && *per_iteration > limit && every_step_rises(evidence.series(&Checkpoint::heap_bytes));
  if (!grows || (!blocks.empty() && !every_step_rises(blocks))) return;
  judgement.add(
      Verdict::growing,
      {"heap_growth", *per_iteration, limit,
       fmt::format("live heap grew {} per iteration over {} iterations (limit {}), too few to tell a leak from "
                   "warm-up; run more iterations",
                   format_bytes(*per_iteration), evidence.last->iteration, format_bytes(limit))});
}

}  // namespace

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
  const auto hidden_bytes = std::max(growth->overlap(), smallest_block_bytes);
  return std::max(*limit, static_cast<double>(hidden_bytes) / static_cast<double>(growth->judged_iterations));
}

void judge_heap(const Evidence& evidence, Judgement& judgement) {
  const auto limit = evidence.settings.limits.heap_growth_bytes_per_iteration;
  if (!limit) return;
  if (!evidence.growth(&Checkpoint::heap_bytes)) {
    const auto& why = evidence.repetition.heap_unavailable;
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
  }
}

}  // namespace soak::verdict
