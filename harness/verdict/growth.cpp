#include "verdict/growth.hpp"

#include <algorithm>
#include <cmath>

#include "verdict/numbers.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

using Ends = std::vector<RunEnd>;

double growth_between(const RunEnd& first, const RunEnd& last) {
  return static_cast<double>(last.growth - first.growth);
}

double slope_between(const RunEnd& first, const RunEnd& last) {
  return growth_between(first, last) / static_cast<double>(last.iterations - first.iterations);
}

// The longest length before `last` that is at most half of it; the one just before if there is none such. Spans that
// double say most; those that do not still say something.
std::size_t start_of_span(const Ends& ends, std::size_t last) {
  for (auto i = last; i-- > 0;)
    if (2 * ends[i].iterations <= ends[last].iterations) return i;
  return last - 1;
}

// What the last span between ends added: nothing, over a doubling of the length or more.
bool have_stopped(const Ends& ends, std::int64_t tolerance) {
  const auto [low, high] = std::ranges::minmax(ends, {}, &RunEnd::growth);
  if (high.growth - low.growth <= tolerance) return true;
  const auto& start = ends[start_of_span(ends, ends.size() - 1)];
  return 2 * start.iterations <= ends.back().iterations && ends.back().growth - start.growth <= tolerance;
}

Growth compared(const Ends& ends, std::size_t first, std::size_t middle) {
  const auto &a = ends[first], &b = ends[middle], &c = ends.back();
  const auto x = [](const RunEnd& end) { return static_cast<double>(end.iterations); };
  Growth growth;
  growth.shape = shape_of_spans(x(a), x(b), x(c), growth_between(a, b), growth_between(b, c));
  growth.spans = {{a.iterations, b.iterations, slope_between(a, b)},
                  {b.iterations, c.iterations, slope_between(b, c)}};
  growth.rule = "what the longest run adds to the ones before";
  return growth;
}

// By the ends of runs alone.
Growth growth_of_ends(const Ends& ends, std::int64_t tolerance) {
  if (ends.size() < 2) return {.rule = "one length only"};
  if (have_stopped(ends, tolerance))
    return {.shape = Shape::flat, .rule = "longer runs end no higher, but for noise"};
  if (ends.size() < numbers::lengths_that_prove) return {.rule = "two lengths do not prove a leak"};
  auto middle = start_of_span(ends, ends.size() - 1);
  if (middle == 0) middle = ends.size() / 2;
  auto growth = compared(ends, start_of_span(ends, middle), middle);
  if (growth.spans.back().slope <= 0) growth.shape = Shape::unknown;
  return growth;
}

// ---- the runs themselves ----

// What is kept from so many eighths of a run on. What is there only at the end may go again, so the last eighth
// counts by its lowest reading.
Series kept_from(std::span<const Sample> run, std::int64_t eighths) {
  const auto begin = run.front().iteration, length = run.back().iteration - begin;
  auto kept = kept_of(run);
  const auto at = [&](std::int64_t part) { return begin + length * part / numbers::ends_of_runs; };
  kept.erase(std::ranges::upper_bound(kept, at(numbers::ends_of_runs - 1), {}, &Sample::iteration), kept.end());
  kept.erase(kept.begin(), std::ranges::lower_bound(kept, at(eighths), {}, &Sample::iteration));
  return kept;
}

// It grew from an eighth of it on by at least a part of what the ends say, and in more than one step. With fewer than
// 6 readings there is nothing to contradict.
bool bears_out(std::span<const Sample> longest, double per_iteration) {
  if (longest.size() < numbers::fewest_readings) return true;
  const auto kept = kept_from(longest, 1);
  if (kept.size() < 2) return true;
  const auto growth = static_cast<double>(growth_of(kept));
  const auto expected = per_iteration * static_cast<double>(kept.back().iteration - kept.front().iteration);
  std::int64_t largest_step = 0;
  for (std::size_t i = 1; i < kept.size(); ++i)
    largest_step = std::max(largest_step, kept[i].value - kept[i - 1].value);
  return growth >= numbers::least_borne_out * expected &&
         static_cast<double>(largest_step) < numbers::share_of_a_step * growth;
}

bool is_quiet_in_its_last_half(std::span<const Sample> longest, std::int64_t tolerance) {
  if (longest.size() < numbers::fewest_readings) return false;
  const auto kept = kept_from(longest, numbers::ends_of_runs / 2);
  return kept.size() >= 2 && growth_of(kept) <= tolerance;
}

// The slope of the last half beside its steps, if it is certain at 99.9 % to be above the limit.
std::optional<GrowthSpan> certain_span(const Series& run, double limit) {
  if (run.empty()) return {};
  const auto middle = run.front().iteration + (run.back().iteration - run.front().iteration) / 2;
  const auto trend = trend_of(without_large_steps(from_iteration(run, middle)), numbers::certain_999);
  if (!trend || trend->low <= limit) return {};
  return GrowthSpan{middle, run.back().iteration, trend->per_iteration, Interval{trend->low, trend->high}};
}

struct Slopes {
  std::optional<GrowthSpan> longest, before;  ///< Certain ones.
  [[nodiscard]] bool are_steady() const {
    return longest && before && longest->slope >= numbers::least_steady * before->slope;
  }
};

Slopes slopes_of(const FigureOverRuns& figure) {
  if (!figure.has_slopes || figure.runs.empty()) return {};
  Slopes slopes{certain_span(figure.runs.back(), figure.limit), {}};
  if (slopes.longest && figure.runs.size() >= numbers::lengths_that_prove)
    slopes.before = certain_span(figure.runs[figure.runs.size() - 2], figure.limit);
  return slopes;
}

Growth decided(Growth growth, Shape shape, std::string rule) {
  growth.shape = shape;
  growth.rule = std::move(rule);
  return growth;
}

// The ends say something, and the longest run whether that is so.
Growth weighed(const FigureOverRuns& figure, Growth by_ends) {
  const auto& longest = figure.runs.back();
  const auto slopes = slopes_of(figure);
  const bool is_borne_out = bears_out(longest, growth_per_iteration(figure.ends));
  // Capacity that doubles is quiet for half of a run and keeps pace: it is borne out.
  if (keeps_pace(by_ends.shape) && is_borne_out) return by_ends;
  if (slopes.are_steady()) {
    by_ends.spans = {*slopes.before, *slopes.longest};
    return decided(by_ends, Shape::linear, "the two longest runs rise alike in their last halves, steps left out");
  }
  if (by_ends.shape == Shape::flat && slopes.longest)
    return decided(by_ends, Shape::unknown, "no longer run ends higher, but the longest rises in its last half");
  if (figure.runs.size() >= numbers::lengths_that_prove && is_quiet_in_its_last_half(longest, figure.tolerance))
    return decided(by_ends, Shape::flat, "the longest run is quiet in its last half");
  if (keeps_pace(by_ends.shape))
    return decided(by_ends, Shape::unknown, "longer runs end higher, but the longest does not itself grow as much");
  return by_ends;
}

}  // namespace

std::string to_string(Shape shape) {
  switch (shape) {
    case Shape::flat:
      return "flat";
    case Shape::stopped:
      return "warm-up, then flat";
    case Shape::slower:
      return "ever slower";
    case Shape::linear:
      return "linear";
    case Shape::faster:
      return "faster than linear";
    case Shape::unknown:
      break;
  }
  return "unknown";
}

double ratio_of_spans(double exponent, double x0, double x1, double x2) {
  const auto power = [&](double x) { return std::pow(x, exponent); };
  return (power(x2) - power(x1)) / (power(x1) - power(x0));
}

Shape shape_of_spans(double x0, double x1, double x2, double added_first, double added_last) {
  if (added_first <= 0) return Shape::unknown;
  const auto ratio = added_last / added_first;
  if (ratio < ratio_of_spans(numbers::bounded_exponent, x0, x1, x2)) return Shape::stopped;
  if (ratio < std::max(ratio_of_spans(numbers::keeps_pace_exponent, x0, x1, x2),
                       numbers::least_slope_kept * ratio_of_spans(1, x0, x1, x2)))
    return Shape::slower;
  return ratio < ratio_of_spans(numbers::faster_exponent, x0, x1, x2) ? Shape::linear : Shape::faster;
}

double growth_per_iteration(const std::vector<RunEnd>& ends) {
  return ends.size() < 2 ? 0 : slope_between(ends[ends.size() - 2], ends.back());
}

std::optional<Rise> certain_rise(std::span<const Sample> judged, std::int64_t tolerance, double limit) {
  const auto windows = growth_over_windows(judged);
  if (!windows) return {};
  if (windows->rises() && windows->per_iteration() > limit &&
      windows->last_low.value - windows->first_low.value > tolerance)
    return Rise{windows->per_iteration()};
  const auto iterations = static_cast<double>(judged.back().iteration - judged.front().iteration);
  const auto mean = static_cast<double>(growth_of(judged)) / iterations;
  const bool comes_and_goes = fallback_of(judged) > 0;
  if (!comes_and_goes && growth_of(judged) > tolerance && mean > limit) return Rise{mean};
  const auto trend = comes_and_goes ? trend_of(judged, numbers::certain_999) : std::nullopt;
  if (!trend || trend->low <= limit || trend->per_iteration * iterations <= static_cast<double>(tolerance)) return {};
  return Rise{trend->per_iteration, Interval{trend->low, trend->high}};
}

Series planted(std::span<const Sample> series, double per_iteration, std::int64_t unit) {
  Series leaking(series.begin(), series.end());
  for (auto& sample : leaking)
    sample.value += static_cast<std::int64_t>(per_iteration * static_cast<double>(sample.iteration)) / unit * unit;
  return leaking;
}

Series without_what_noise_may_add(std::span<const Sample> series) {
  Series rest(series.begin(), series.end());
  const auto trend = fallback_of(series) > 0 ? trend_of(series, numbers::certain_999) : std::nullopt;
  if (!trend || trend->high <= 0) return rest;
  for (auto& sample : rest)
    sample.value -= std::llround(trend->high * static_cast<double>(sample.iteration - series.front().iteration));
  return rest;
}

std::optional<double> smallest_rate(const std::function<bool(double)>& shows, double largest) {
  if (!(largest > 0) || !shows(largest)) return {};
  auto seen = largest;
  while (shows(seen / numbers::rates_apart)) {
    seen /= numbers::rates_apart;
    if (seen < largest * numbers::smallest_rate_tried) return {};
  }
  // A step above the last that shows: chance may let a rate in between hide.
  return seen * numbers::rates_apart;
}

Growth growth_over_runs(const FigureOverRuns& figure) {
  auto growth = growth_of_ends(figure.ends, figure.tolerance);
  if (!figure.runs.empty() && !figure.runs.back().empty()) growth = weighed(figure, std::move(growth));
  growth.per_iteration = growth_per_iteration(figure.ends);
  return growth;
}

}  // namespace soak::verdict
