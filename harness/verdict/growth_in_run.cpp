#include "verdict/growth_in_run.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "verdict/numbers.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

// ---- exact figures, by the level that is kept ----

/// A place in a run, and the level there.
struct Point {
  double x = 0, y = 0;
};

struct Jump {
  std::size_t index;  ///< The reading that is higher than the one before it.
  std::int64_t amount;
};

std::vector<Jump> jumps_of(std::span<const Sample> kept) {
  std::vector<Jump> rises;
  for (std::size_t i = 1; i < kept.size(); ++i)
    if (kept[i].value > kept[i - 1].value) rises.push_back({i, kept[i].value - kept[i - 1].value});
  return rises;
}

bool is_long(std::int64_t pause, std::int64_t longest) {
  return static_cast<double>(pause) > numbers::pauses_that_end * static_cast<double>(longest);
}

std::int64_t longest_pause(std::span<const Sample> kept, const std::vector<Jump>& rises) {
  std::int64_t longest = 0;
  for (std::size_t i = 1; i < rises.size(); ++i)
    longest = std::max(longest, kept[rises[i].index].iteration - kept[rises[i - 1].index].iteration);
  return longest;
}

// The rise after which it has stopped: what comes later means nothing, and would have been long in coming. 0 if it
// goes on.
std::size_t last_rise(std::span<const Sample> kept, std::vector<Jump> rises, std::int64_t wavering) {
  while (rises.size() > 1 && kept.back().value - kept[rises.back().index - 1].value <= wavering) rises.pop_back();
  const auto last = rises.back().index;
  const bool is_over = kept.size() - 1 - last >= numbers::readings_that_end &&
                       is_long(kept.back().iteration - kept[last].iteration, longest_pause(kept, rises));
  return is_over ? last : 0;
}

// Where growth starts after a long quiet; 0 if it grows from the start on.
std::size_t quiet_head(std::span<const Sample> kept, const std::vector<Jump>& rises) {
  const auto first = rises.front().index - 1;
  const bool quiet = first >= numbers::readings_that_end && kept.size() - first >= numbers::fewest_readings &&
                     is_long(kept[first].iteration - kept.front().iteration, longest_pause(kept, rises));
  return quiet ? first : 0;
}

Point point_of(const Sample& sample, const Sample& start) {
  return {static_cast<double>(sample.iteration - start.iteration), static_cast<double>(sample.value)};
}

// Rises at less than half of the readings.
bool has_jumps(std::span<const Sample> kept, const std::vector<Jump>& rises) {
  return 2 * rises.size() < kept.size();
}

// Of growth in jumps the level just before each, however large: the curve below them. It ends with the last jump, for
// the level after that says nothing about the next.
std::vector<Point> curve_of(std::span<const Sample> kept, const std::vector<Jump>& rises) {
  std::vector<Point> curve;
  if (!has_jumps(kept, rises)) {
    for (const auto& sample : kept) curve.push_back(point_of(sample, kept.front()));
    return curve;
  }
  curve.push_back(point_of(kept.front(), kept.front()));
  for (const auto& rise : rises)
    if (rise.index > 1) curve.push_back(point_of(kept[rise.index - 1], kept.front()));
  if (rises.back().index + 1 == kept.size()) curve.push_back(point_of(kept.back(), kept.front()));
  return curve;
}

double level_at(const std::vector<Point>& curve, double x) {
  std::size_t i = 1;
  while (i + 1 < curve.size() && curve[i].x < x) ++i;
  const auto &before = curve[i - 1], &after = curve[i];
  const auto share = after.x > before.x ? (x - before.x) / (after.x - before.x) : 1.0;
  return before.y + share * (after.y - before.y);
}

struct TwoSpans {
  double x0, x1, x2, first, last;
};

TwoSpans spans_of(const std::vector<Point>& curve, const double (&parts)[3]) {
  const auto length = curve.back().x;
  const auto x0 = parts[0] * length, x1 = parts[1] * length, x2 = parts[2] * length;
  const auto y0 = level_at(curve, x0), y1 = level_at(curve, x1), y2 = level_at(curve, x2);
  return {x0, x1, x2, y1 - y0, y2 - y1};
}

Shape shape_of(const TwoSpans& spans) {
  return shape_of_spans(spans.x0, spans.x1, spans.x2, spans.first, spans.last);
}

// How far the curve lies at most from the straight line through its ends, from x on.
double roughness_from(const std::vector<Point>& curve, double x) {
  const auto begin = level_at(curve, x), slope = (curve.back().y - begin) / (curve.back().x - x);
  double roughness = 0;
  for (const auto& point : curve)
    if (point.x >= x) roughness = std::max(roughness, std::abs(point.y - begin - slope * (point.x - x)));
  return roughness;
}

// In its last part it keeps pace, as far as it is smooth enough there to see that.
std::optional<TwoSpans> late_line(const std::vector<Point>& curve) {
  for (const auto& parts : numbers::late_spans) {
    const auto spans = spans_of(curve, parts);
    const auto doubt = roughness_from(curve, spans.x0);
    const auto wanted = ratio_of_spans(numbers::keeps_pace_exponent, spans.x0, spans.x1, spans.x2);
    const auto allowed = ratio_of_spans(numbers::faster_exponent, spans.x0, spans.x1, spans.x2);
    if (spans.first > 0 && spans.last - doubt >= wanted * (spans.first + doubt) &&
        spans.last + doubt <= allowed * std::max(spans.first - doubt, 0.0))
      return spans;
  }
  return {};
}

// Jumps that come by chance make a span's growth uncertain by the root of the sum of their squares.
double doubt_by_jumps(const std::vector<Point>& curve, double from, double to) {
  double squares = 0;
  for (std::size_t i = 1; i < curve.size(); ++i)
    if (curve[i].x > from && curve[i].x <= to)
      squares += (curve[i].y - curve[i - 1].y) * (curve[i].y - curve[i - 1].y);
  return std::sqrt(squares);
}

bool is_certainly_slower(const std::vector<Point>& curve, const TwoSpans& spans) {
  const auto wanted = ratio_of_spans(numbers::keeps_pace_exponent, spans.x0, spans.x1, spans.x2);
  return spans.last + doubt_by_jumps(curve, spans.x1, spans.x2) <
         wanted * (spans.first - doubt_by_jumps(curve, spans.x0, spans.x1));
}

double slope_of(std::span<const Sample> kept) {
  const auto iterations = kept.back().iteration - kept.front().iteration;
  return iterations > 0 ? static_cast<double>(growth_of(kept)) / static_cast<double>(iterations) : 0;
}

// The readings from the first one on that lies on the line through those from `x` on, give or take one rise.
std::span<const Sample> line_part(std::span<const Sample> kept, double x) {
  const auto late = from_iteration(kept, kept.front().iteration + std::llround(x));
  const auto slope = slope_of(late);
  const auto allowed = std::max(numbers::line_tolerance * static_cast<double>(growth_of(late)),
                                static_cast<double>(std::ranges::max(jumps_of(late), {}, &Jump::amount).amount));
  auto first = kept.size() - 1;
  while (first > 0) {
    const auto& sample = kept[first - 1];
    const auto expected = static_cast<double>(kept.back().value) -
                          slope * static_cast<double>(kept.back().iteration - sample.iteration);
    if (std::abs(static_cast<double>(sample.value) - expected) > allowed) break;
    --first;
  }
  const auto part = kept.subspan(first);
  return part.size() > late.size() ? part : late;
}

// `part` is what the rate is taken from.
Growth going_on(Shape shape, std::span<const Sample> part, const TwoSpans& spans, std::string rule) {
  Growth growth{shape, slope_of(part), {}, part.front().iteration, {}, std::move(rule)};
  growth.spans = {{std::llround(spans.x0), std::llround(spans.x1), spans.first / (spans.x1 - spans.x0)},
                  {std::llround(spans.x1), std::llround(spans.x2), spans.last / (spans.x2 - spans.x1)}};
  return growth;
}

Growth stopped(std::int64_t since, std::string rule) { return {Shape::stopped, 0, {}, since, {}, std::move(rule)}; }

Growth flat(std::span<const Sample> series, std::string rule) {
  return {Shape::flat, 0, {}, series.front().iteration, {}, std::move(rule)};
}

Growth growth_that_goes_on(std::span<const Sample> kept, const std::vector<Jump>& rises) {
  const auto curve = curve_of(kept, rises);
  const auto spans = spans_of(curve, numbers::span_starts);
  const auto shape = shape_of(spans);
  const auto* const rule = "what its last span added against the one before";
  if (has_jumps(kept, rises)) {
    if (shape <= Shape::slower && is_certainly_slower(curve, spans))
      return going_on(Shape::slower, kept, spans, rule);
    return going_on(std::max(shape, Shape::linear), kept, spans, rule);
  }
  if (shape == Shape::linear) return going_on(shape, line_part(kept, spans.x1), spans, rule);
  if (const auto late = late_line(curve))
    return going_on(Shape::linear, line_part(kept, late->x0), *late, "its last part is a line");
  if (shape == Shape::stopped) {
    const auto nearly_all = kept.back().value - growth_of(kept) / 20;
    return stopped(std::ranges::lower_bound(kept, nearly_all, {}, &Sample::value)->iteration,
                   "each span adds so much less than the one before that what is to come is bounded");
  }
  if (shape == Shape::faster) return going_on(shape, kept, spans, rule);
  auto growth = going_on(Shape::slower, kept.subspan(kept.size() / 2), spans, rule);
  growth.since_iteration = kept.front().iteration;
  return growth;
}

Growth growth_of_kept(std::span<const Sample> kept, std::int64_t tolerance, std::int64_t wavering) {
  if (growth_of(kept) <= tolerance) return flat(kept, "what is kept does not grow");
  if (kept.size() < numbers::fewest_readings) return {.rule = "too few readings"};
  const auto rises = jumps_of(kept);
  const auto largest = std::ranges::max(rises, {}, &Jump::amount);
  if (static_cast<double>(largest.amount) >= numbers::share_of_a_step * static_cast<double>(growth_of(kept))) {
    const auto after = kept.subspan(largest.index);
    if (after.size() >= numbers::fewest_readings && growth_of(after) > std::max(tolerance, wavering))
      return growth_of_kept(after, tolerance, wavering);
    return stopped(kept[largest.index].iteration, "one step is nearly all of its growth");
  }
  if (const auto last = last_rise(kept, rises, wavering); last > 0)
    return stopped(kept[last].iteration, "quiet for longer than between any two rises before");
  if (const auto head = quiet_head(kept, rises); head > 0)
    return growth_of_kept(kept.subspan(head), tolerance, wavering);
  return growth_that_goes_on(kept, rises);
}

// ---- figures that come and go ----

std::int64_t fallen_in_all(std::span<const Sample> series) {
  std::int64_t fallen = 0;
  for (std::size_t i = 1; i < series.size(); ++i)
    fallen += std::max<std::int64_t>(series[i - 1].value - series[i].value, 0);
  return fallen;
}

// Where the last fall by a quarter of the range ended; the end if there was none.
std::size_t last_trough(std::span<const Sample> series, std::int64_t range) {
  auto trough = series.size() - 1;
  for (auto i = series.size(); i-- > 0;) {
    if (series[i].value < series[trough].value) trough = i;
    if (series[i].value >= series[trough].value + range / 4 && i < trough) return trough;
  }
  return series.size() - 1;
}

// A random walk turns at half of its readings, noise at two thirds of them, a saw-tooth twice a tooth.
bool turns_like_noise(std::span<const Sample> series) {
  std::size_t turns = 0;
  for (std::size_t i = 1; i + 1 < series.size(); ++i) {
    const auto before = series[i].value - series[i - 1].value, after = series[i + 1].value - series[i].value;
    if ((before < 0 && after > 0) || (before > 0 && after < 0)) ++turns;
  }
  return 2 * turns > series.size();
}

// Its troughs are what is kept, and a tooth that still stands at the end is not.
Growth growth_of_troughs(std::span<const Sample> series, std::int64_t tolerance) {
  const auto range = range_of(series);
  const auto least = std::max(tolerance, range / numbers::troughs_differ_by_range_over);
  const auto kept = kept_of(series.first(last_trough(series, range) + 1));
  const std::span late = std::span(kept).subspan(kept.size() / 2);
  if (kept.size() < numbers::fewest_readings || growth_of(late) <= least)
    return flat(series, "it comes and goes: its troughs do not rise");
  auto growth = growth_of_kept(kept, least, 0);
  if (!goes_on(growth.shape)) return flat(series, "it comes and goes: its troughs do not go on rising");
  if (const auto trend = trend_of(series); trend && growth.shape == Shape::linear)
    growth.per_iteration = trend->per_iteration;
  return growth;
}

// ---- noisy figures, by trends ----

std::span<const Sample> part_of(std::span<const Sample> series, double from, double to) {
  const auto place = [&](double part) {
    return static_cast<std::size_t>(std::lround(part * static_cast<double>(series.size() - 1)));
  };
  return series.subspan(place(from), place(to) - place(from) + 1);
}

// Nothing of the last half is as low as the first eighth: if there is no trend, a rise that was over early.
bool grew_early(std::span<const Sample> series) {
  const auto highest = std::ranges::max(series.first(series.size() / 8), {}, &Sample::value);
  const auto lowest = std::ranges::min(series.subspan(series.size() / 2), {}, &Sample::value);
  return lowest.value > highest.value;
}

Growth with_trend(Shape shape, const Trend& trend, std::int64_t since, std::string rule) {
  return {shape, trend.per_iteration, Interval{trend.low, trend.high}, since, {}, std::move(rule)};
}

GrowthSpan span_of(std::span<const Sample> part, const Trend& trend) {
  return {part.front().iteration, part.back().iteration, trend.per_iteration, Interval{trend.low, trend.high}};
}

Growth growth_by_trends(std::span<const Sample> series) {
  const auto whole = trend_of(series);
  if (!whole) return {.rule = "too few readings for a trend"};
  const auto& [start, middle, end] = numbers::noisy_span_starts;
  const auto early_part = part_of(series, start, middle), late_part = part_of(series, middle, end),
             last_part = part_of(series, 0.75, end);
  const auto begin = series.front().iteration;
  if (whole->low <= 0 && !grew_early(series)) return with_trend(Shape::flat, *whole, begin, "no growth is certain");
  const auto early = trend_of(early_part), late = trend_of(late_part), last = trend_of(last_part);
  if (!early || !late)
    return with_trend(Shape::linear, *whole, begin, "it grows, and was read too seldom to see a bend");
  Growth growth;
  // A line that has a quarter of its readings at half of the noise is not certain either, but stands as high.
  if (whole->low <= 0 || (late->low <= 0 && late->per_iteration < whole->per_iteration / 2))
    growth = with_trend(Shape::stopped, *late, late_part.front().iteration, "no growth is certain in the last half");
  else if (last && last->low <= 0 && last->per_iteration < whole->per_iteration / 10)
    growth = with_trend(Shape::stopped, *late, last_part.front().iteration, "nothing grows in the last quarter");
  else if (early->per_iteration <= 0)
    growth = with_trend(Shape::linear, *late, late_part.front().iteration, "it grows in the last half only");
  else {
    const auto x0 = static_cast<double>(begin), x1 = static_cast<double>(late_part.front().iteration),
               x2 = static_cast<double>(late_part.back().iteration);
    auto shape = shape_of_spans(x0, x1, x2, early->per_iteration * (x1 - x0), late->per_iteration * (x2 - x1));
    // It must be certain that what is to come is bounded.
    if (shape == Shape::stopped &&
        shape_of_spans(x0, x1, x2, early->low * (x1 - x0), late->high * (x2 - x1)) != shape)
      shape = Shape::slower;
    growth = with_trend(shape, keeps_pace(shape) ? *whole : *late, begin,
                        "the trend of its last half against that of the three eighths before");
  }
  growth.spans = {span_of(early_part, *early), span_of(late_part, *late)};
  return growth;
}

}  // namespace

Growth growth_in_run(std::span<const Sample> series, Reader reader, std::int64_t tolerance) {
  if (series.empty()) return {.rule = "no readings"};
  const auto range = range_of(series);
  if (range <= tolerance) return flat(series, "all readings are alike, but for rounding");
  if (reader == Reader::noisy) return growth_by_trends(series);
  if (series.size() < numbers::fewest_readings) return {.rule = "too few readings"};
  if (2 * fallen_in_all(series) < range) {
    // Malloc hands out blocks again that are up to 16 B larger than asked for, now these and now those.
    const auto wavering = std::min(numbers::falls_by_chance * fallback_of(series.subspan(series.size() / 2)),
                                   range / numbers::ranges_of_wavering);
    return growth_of_kept(kept_of(series), tolerance, wavering);
  }
  if (growth_of(kept_of(series)) <= tolerance) return flat(series, "what is kept does not grow");
  if (!turns_like_noise(series)) return growth_of_troughs(series, tolerance);
  auto growth = growth_by_trends(series);
  return growth.shape == Shape::unknown ? growth_of_troughs(series, tolerance) : growth;
}

}  // namespace soak::verdict
