// The shape of a figure with noise, by trends that survive noise, dependence and outliers.
#include <algorithm>
#include <cmath>

#include "verdict/shape_rules.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

// The trend of the second half against the first: 1 of a line, 0.41 of a square root, 0.2 of a logarithm, 3 of a
// square.
constexpr double least_square_root = 0.3, least_linear = 0.7, least_faster = 2;
// Of the spread, what two levels may leave over.
constexpr double left_by_a_step = 0.5;

SeriesShape with_trend(Shape shape, const Trend& trend, std::int64_t since) {
  return {shape, trend.per_iteration, Interval{trend.low, trend.high}, since};
}

double mean_of(std::span<const Sample> series) {
  double sum = 0;
  for (const auto& sample : series) sum += static_cast<double>(sample.value);
  return sum / static_cast<double>(series.size());
}

double squares_about_mean(std::span<const Sample> series) {
  const auto mean = mean_of(series);
  double squares = 0;
  for (const auto& sample : series)
    squares += (static_cast<double>(sample.value) - mean) * (static_cast<double>(sample.value) - mean);
  return squares;
}

bool has_trend(std::span<const Sample> series) {
  const auto trend = trend_of(series);
  return trend && (trend->low > 0 || trend->high < 0);
}

// Where the series falls into two levels, without a trend in either, of whose difference one rise is a half at least;
// 0 where it does not.
std::size_t step_of(std::span<const Sample> series) {
  std::size_t best = 0;
  auto least = left_by_a_step * squares_about_mean(series);
  for (std::size_t i = 1; i < series.size(); ++i) {
    const auto left = squares_about_mean(series.first(i)) + squares_about_mean(series.subspan(i));
    if (left >= least) continue;
    least = left;
    best = i;
  }
  if (best == 0 || has_trend(series.first(best)) || has_trend(series.subspan(best))) return 0;
  const auto rise = static_cast<double>(series[best].value - series[best - 1].value);
  return 2 * rise >= mean_of(series.subspan(best)) - mean_of(series.first(best)) ? best : 0;
}

// Nothing of the last half is as low as the first eighth: where there is no trend, a rise that was over early.
bool grew_early(std::span<const Sample> series) {
  const auto highest = std::ranges::max(series.first(series.size() / 8), {}, &Sample::value);
  const auto lowest = std::ranges::min(series.subspan(series.size() / 2), {}, &Sample::value);
  return lowest.value > highest.value;
}

// The last quarter has no trend of its own, nor a tenth of the whole's: a logarithm has a half of it there.
bool has_stopped(std::span<const Sample> series, const Trend& whole) {
  const auto last = trend_of(series.subspan(series.size() * 3 / 4));
  return last && last->low <= 0 && last->per_iteration < whole.per_iteration / 10;
}

}  // namespace

SeriesShape noisy_shape(std::span<const Sample> series) {
  const auto whole = trend_of(series);
  if (!whole) return {};
  const auto begin = series.front().iteration, middle = series[series.size() / 2].iteration;
  if (whole->low <= 0 && !grew_early(series)) return with_trend(Shape::flat, *whole, begin);
  const auto early = trend_of(series.first((series.size() + 1) / 2));
  const auto late = trend_of(series.subspan(series.size() / 2));
  if (!early || !late) return with_trend(Shape::linear, *whole, begin);
  if (const auto step = step_of(series); step > 1) return with_trend(Shape::step, *late, series[step].iteration);
  if (whole->low <= 0 || (late->low <= 0 && late->per_iteration < whole->per_iteration / 2))
    return with_trend(Shape::warm_up, *late, middle);
  if (has_stopped(series, *whole)) return with_trend(Shape::warm_up, *late, series[series.size() * 3 / 4].iteration);
  if (early->per_iteration <= 0) return with_trend(Shape::linear, *late, middle);
  const auto ratio = late->per_iteration / early->per_iteration;
  if (ratio < least_square_root) return with_trend(Shape::logarithmic, *late, begin);
  if (ratio < least_linear) return with_trend(Shape::square_root, *late, begin);
  return with_trend(ratio < least_faster ? Shape::linear : Shape::faster, *whole, begin);
}

}  // namespace soak::verdict
