// Exact figures that come and go: what is kept is looked at, the coming and going taken off.
//
//      value   /|  /|  /|  /      kept: the lowest level that the figure returns to later. A tooth that still stands
//             / | / | / | /       at the end is not kept, so the series is looked at up to its last trough.
//      kept  /__|/__|/__|/
#include <algorithm>

#include "verdict/shape_rules.hpp"
#include "verdict/trend.hpp"

namespace soak::verdict {
namespace {

constexpr std::size_t fewest_readings = 6;
// What wavers may by chance rise several times over before it falls; of the range it is a small part, or something
// else.
constexpr std::int64_t falls_by_chance = 4, most_wavering = 200;

std::int64_t range_of(std::span<const Sample> series) {
  const auto [low, high] = std::ranges::minmax(series, {}, &Sample::value);
  return high.value - low.value;
}

std::int64_t fallen_in_all(std::span<const Sample> series) {
  std::int64_t fallen = 0;
  for (std::size_t i = 1; i < series.size(); ++i)
    fallen += std::max<std::int64_t>(series[i - 1].value - series[i].value, 0);
  return fallen;
}

// Where the last fall by a quarter of the range ended; the end where there was none.
std::size_t last_trough(std::span<const Sample> series, std::int64_t range) {
  auto trough = series.size() - 1;
  for (auto i = series.size(); i-- > 0;) {
    if (series[i].value < series[trough].value) trough = i;
    if (series[i].value >= series[trough].value + range / 4 && i < trough) return trough;
  }
  return series.size() - 1;
}

// Of what rises by no more than this nothing can be said, for it falls back as well: malloc hands out blocks again
// that are up to 16 B larger than asked for, now these and now those.
std::int64_t wavering(std::span<const Sample> series, std::int64_t range) {
  std::int64_t highest = series[series.size() / 2].value, fall = 0;
  for (const auto& sample : series.subspan(series.size() / 2)) {
    highest = std::max(highest, sample.value);
    fall = std::max(fall, highest - sample.value);
  }
  return std::min(falls_by_chance * fall, range / most_wavering);
}

// A random walk turns at half of its readings, noise at two thirds of them, a saw-tooth twice a tooth.
bool is_noise_like(std::span<const Sample> series) {
  std::size_t turns = 0;
  for (std::size_t i = 1; i + 1 < series.size(); ++i) {
    const auto before = series[i].value - series[i - 1].value, after = series[i + 1].value - series[i].value;
    if ((before < 0 && after > 0) || (before > 0 && after < 0)) ++turns;
  }
  return 2 * turns > series.size();
}

// Spikes on a level: nine of ten readings are alike, the first and the last among them.
bool is_level_with_spikes(std::span<const Sample> series, std::int64_t tolerance) {
  std::vector<std::int64_t> values;
  for (const auto& sample : series) values.push_back(sample.value);
  std::ranges::nth_element(values, values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2));
  const auto level = values[values.size() / 2];
  const auto is_level = [&](const Sample& sample) { return 2 * std::abs(sample.value - level) <= tolerance; };
  const auto alike = static_cast<std::size_t>(std::ranges::count_if(series, is_level));
  return is_level(series.front()) && is_level(series.back()) && 10 * alike >= 9 * series.size();
}

SeriesShape saw_tooth(std::span<const Sample> series) { return {Shape::saw_tooth, 0, {}, series.front().iteration}; }

// Readings hit a tooth anywhere, its trough seldom: the troughs read differ by a part of the range, and rise in
// jumps.
SeriesShape shape_of_troughs(std::span<const Sample> series, std::span<const Sample> kept, std::int64_t least) {
  const auto late = kept.subspan(kept.size() / 2);
  if (kept.size() < fewest_readings || late.back().value - late.front().value <= least) return saw_tooth(series);
  auto shape = kept_shape(kept, least);
  if (!goes_on(shape.shape)) return saw_tooth(series);
  if (shape.shape == Shape::intermittent) shape.shape = Shape::linear;
  if (const auto trend = trend_of(series); trend && shape.shape == Shape::linear)
    shape.per_iteration = trend->per_iteration;
  return shape;
}

// It comes and goes by more than half of its range.
SeriesShape shape_of_teeth(std::span<const Sample> series, std::int64_t range, std::int64_t tolerance) {
  const auto trough = last_trough(series, range);
  const auto after = series.subspan(trough);
  // What began after the last trough and went far beyond all that was before it is growth, not a tooth.
  const auto highest_before = std::ranges::max(series.first(trough + 1), {}, &Sample::value).value;
  if (after.size() >= fewest_readings && after.back().value > highest_before + range / 4)
    return kept_shape(kept_of(after), tolerance);
  return shape_of_troughs(series, kept_of(series.first(trough + 1)), std::max(tolerance, range / 8));
}

}  // namespace

SeriesShape exact_shape(std::span<const Sample> series, std::int64_t tolerance) {
  if (series.size() < fewest_readings) return {};
  if (is_level_with_spikes(series, tolerance)) return {Shape::flat, 0, {}, series.front().iteration};
  const auto range = range_of(series), fallen = fallen_in_all(series);
  if (fallen == range && series.front().value - series.back().value == range)  // only ever given back
    return {Shape::flat, 0, {}, series.front().iteration};
  if (2 * fallen < range) return kept_shape(kept_of(series), tolerance, wavering(series, range));
  if (!is_noise_like(series)) return shape_of_teeth(series, range, tolerance);
  const auto noisy = noisy_shape(series);
  return noisy.shape == Shape::unknown ? shape_of_teeth(series, range, tolerance) : noisy;
}

}  // namespace soak::verdict
