#include "history/change_points.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

#include "history/rank_test.hpp"

namespace soak::history {

namespace {

constexpr double least_step = 0.05;
constexpr std::size_t enough_steps = 8;

/// Differences of a count up to this are insignificant: granules of the allocator, for bytes.
double tolerance_of(const record::Metric& metric, const TrendPoint& before, const TrendPoint& after) {
  if (metric.unit != record::Unit::bytes) return 0;
  return std::max(before.rounding_bytes, after.rounding_bytes);
}

/// The distance of two points beyond their own spread; 0 if they overlap.
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
  // Compared with the level and not with the point before, otherwise many small roundings would add up unseen.
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

/// Most steps change the value, and it comes back again and again.
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

namespace {

/// The sum of absolute deviations from the median, for values that arrive one by one: two heaps hold the halves.
class RunningDeviation {
 public:
  void add(double value) {
    if (low_.empty() || value <= low_.top()) {
      low_.push(value);
      low_sum_ += value;
    } else {
      high_.push(value);
      high_sum_ += value;
    }
    balance();
  }

  [[nodiscard]] double sum() const {
    const double middle = low_.top();
    return middle * static_cast<double>(low_.size()) - low_sum_ + high_sum_ -
           middle * static_cast<double>(high_.size());
  }

 private:
  void balance() {
    if (low_.size() > high_.size() + 1) move(low_, low_sum_, high_, high_sum_);
    if (high_.size() > low_.size()) move(high_, high_sum_, low_, low_sum_);
  }

  template <typename From, typename To>
  static void move(From& from, double& from_sum, To& to, double& to_sum) {
    const double value = from.top();
    from.pop();
    from_sum -= value;
    to.push(value);
    to_sum += value;
  }

  std::priority_queue<double> low_;
  std::priority_queue<double, std::vector<double>, std::greater<>> high_;
  double low_sum_ = 0, high_sum_ = 0;
};

/// deviation(begin, end) of every part of the series, computed once and used for each gamma.
class Deviations {
 public:
  explicit Deviations(const std::vector<double>& series) : rows_(series.size()) {
    for (std::size_t end = 0; end < series.size(); ++end) {
      RunningDeviation running;
      rows_[end].resize(end + 1);
      for (std::size_t begin = end + 1; begin-- > 0;) {
        running.add(series[begin]);
        rows_[end][begin] = running.sum();
      }
    }
  }

  /// The deviation of the values from `begin` to `last`, both included.
  [[nodiscard]] double operator()(std::size_t begin, std::size_t last) const { return rows_[last][begin]; }

 private:
  std::vector<std::vector<double>> rows_;
};

/// The index of the first point of each level.
using Starts = std::vector<std::size_t>;

/// The fewest points of a level: a single outlier, or a pair, is not one, and would stand between two that differ.
constexpr std::size_t shortest_level = 3;

Starts best_starts(const Deviations& deviation, std::size_t size, double gamma) {
  std::vector<double> cost(size);
  std::vector<std::size_t> start(size);
  for (std::size_t last = 0; last < size; ++last) {
    cost[last] = std::numeric_limits<double>::infinity();
    for (std::size_t begin = 0; begin <= last; ++begin) {
      if (begin > 0 && (begin < shortest_level || last + 1 - begin < shortest_level)) continue;
      const double before = begin == 0 ? 0 : cost[begin - 1] + gamma;
      const double total = before + deviation(begin, last);
      if (total < cost[last]) {
        cost[last] = total;
        start[last] = begin;
      }
    }
  }
  Starts starts;
  for (std::size_t end = size; end > 0; end = starts.back()) starts.push_back(start[end - 1]);
  std::ranges::reverse(starts);
  return starts;
}

double deviation_of(const Deviations& deviation, const Starts& starts, std::size_t size) {
  double sum = 0;
  for (std::size_t i = 0; i < starts.size(); ++i)
    sum += deviation(starts[i], (i + 1 < starts.size() ? starts[i + 1] : size) - 1);
  return sum;
}

/// The criterion of a fit; lower is better.
double criterion(double deviation, std::size_t steps, std::size_t size, double least_deviation) {
  const auto n = static_cast<double>(size);
  return std::log(std::max(deviation, least_deviation) / n) + 4 * std::log(n) / n * static_cast<double>(steps);
}

Starts chosen_starts(const Deviations& deviation, std::size_t size) {
  const double whole = deviation(0, size - 1);
  const double least = 1e-9 * whole;  // a fit without any deviation would win with infinity
  Starts best{0};
  double best_criterion = criterion(whole, 0, size, least);
  for (double gamma = whole; gamma > whole / static_cast<double>(size) / 4; gamma /= 1.5) {
    auto starts = best_starts(deviation, size, gamma);
    const double value = criterion(deviation_of(deviation, starts, size), starts.size() - 1, size, least);
    if (value >= best_criterion) continue;
    best_criterion = value;
    best = std::move(starts);
  }
  return best;
}

}  // namespace

std::vector<Level> fit_levels(const std::vector<double>& series) {
  if (series.empty()) return {};
  const Deviations deviation(series);
  const bool is_constant = deviation(0, series.size() - 1) <= 0;
  const auto starts = is_constant ? Starts{0} : chosen_starts(deviation, series.size());
  std::vector<Level> levels;
  for (std::size_t i = 0; i < starts.size(); ++i) {
    const auto end = i + 1 < starts.size() ? starts[i + 1] : series.size();
    const auto at = [&series](std::size_t index) { return series.begin() + static_cast<std::ptrdiff_t>(index); };
    levels.push_back({starts[i], end, median({at(starts[i]), at(end)})});
  }
  return levels;
}

}  // namespace soak::history
