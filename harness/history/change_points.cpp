#include "history/change_points.hpp"

#include <algorithm>
#include <cmath>

#include "history/levels.hpp"
#include "history/rank_test.hpp"

namespace soak::history {
namespace {

constexpr double least_step = 0.05;
constexpr std::size_t enough_steps = 8;

/// What a count may differ by and mean nothing: granules of the allocator, for bytes.
double tolerance_of(const record::Metric& metric, const TrendPoint& before, const TrendPoint& after) {
  if (metric.unit != record::Unit::bytes) return 0;
  return std::max(before.rounding_bytes, after.rounding_bytes);
}

/// By how much two points are apart beyond their own spread; 0 where they overlap.
double distance(const TrendPoint& before, const TrendPoint& after) {
  if (after.low > before.high) return after.low - before.high;
  if (after.high < before.low) return after.high - before.low;
  return 0;
}

bool differs(const record::Metric& metric, const TrendPoint& before, const TrendPoint& after) {
  return std::abs(distance(before, after)) > tolerance_of(metric, before, after);
}

std::vector<ChangePoint> exact_changes(const record::Metric& metric, const std::vector<TrendPoint>& points) {
  std::vector<ChangePoint> changes;
  // Against the level, not the point before: many small roundings are not to add up unseen.
  std::size_t level = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    if (!differs(metric, points[level], points[i])) continue;
    ChangePoint change;
    change.index = i;
    change.before = points[i - 1].value;
    change.after = points[i].value;
    change.is_worse = change.after > change.before;
    changes.push_back(change);
    level = i;
  }
  return changes;
}

/// Most steps change it, and it comes back again and again.
bool goes_up_and_down(const std::vector<ChangePoint>& changes, std::size_t points) {
  if (points <= enough_steps || changes.size() * 2 <= points - 1) return false;
  std::size_t turns = 0;
  for (std::size_t i = 1; i < changes.size(); ++i)
    if (changes[i].is_worse != changes[i - 1].is_worse) ++turns;
  return turns * 4 >= changes.size();
}

std::vector<double> values_of(const std::vector<TrendPoint>& points) {
  std::vector<double> values;
  for (const auto& point : points) values.push_back(point.value);
  return values;
}

std::vector<double> part_of(const std::vector<double>& values, const Level& level) {
  return {values.begin() + static_cast<std::ptrdiff_t>(level.begin),
          values.begin() + static_cast<std::ptrdiff_t>(level.end)};
}

/// The mean absolute deviation from the level.
double noise_of(const std::vector<double>& part, double level) {
  double sum = 0;
  for (const double value : part) sum += std::abs(value - level);
  return sum / static_cast<double>(part.size());
}

std::vector<ChangePoint> noisy_changes(const std::vector<double>& values) {
  std::vector<ChangePoint> changes;
  const auto levels = fit_levels(values);
  for (std::size_t i = 1; i < levels.size(); ++i) {
    const auto &before = levels[i - 1], &after = levels[i];
    const auto old_part = part_of(values, before), new_part = part_of(values, after);
    const double step = std::abs(after.value - before.value);
    const double noise = std::max(noise_of(old_part, before.value), noise_of(new_part, after.value));
    if (step <= std::max(least_step * std::abs(before.value), noise)) continue;
    const double p_value = mann_whitney(old_part, new_part).p_value;
    if (p_value >= largest_step_p_value) continue;
    ChangePoint change;
    change.index = after.begin;
    change.before = before.value;
    change.after = after.value;
    change.is_worse = after.value > before.value;
    change.p_value = p_value;
    changes.push_back(change);
  }
  return changes;
}

}  // namespace

std::vector<ChangePoint> find_change_points(const record::Metric& metric, const std::vector<TrendPoint>& points,
                                            bool& is_exact) {
  if (is_exact) {
    auto changes = exact_changes(metric, points);
    is_exact = !goes_up_and_down(changes, points.size());
    if (is_exact) return changes;
  }
  auto values = values_of(points);
  if (values.size() <= longest_series) return noisy_changes(values);
  const auto cut = values.size() - longest_series;
  values.erase(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(cut));
  auto changes = noisy_changes(values);
  for (auto& change : changes) change.index += cut;
  return changes;
}

}  // namespace soak::history
