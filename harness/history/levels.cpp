#include "history/levels.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <queue>

#include "history/rank_test.hpp"

namespace soak::history {
namespace {

/// The sum of absolute deviations from the median of values that come one by one: both halves in heaps.
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

  /// Both included.
  [[nodiscard]] double operator()(std::size_t begin, std::size_t last) const { return rows_[last][begin]; }

 private:
  std::vector<std::vector<double>> rows_;
};

/// The first of each level.
using Starts = std::vector<std::size_t>;

/// A single outlier, or a pair, is no level; as one it would stand between two that differ.
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

/// Lower is better.
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
