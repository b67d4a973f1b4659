#include "verdict/trend.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <vector>

namespace soak::verdict {
namespace {

std::vector<Sample> thinned(std::span<const Sample> series) {
  std::vector<Sample> chosen;
  const auto kept = std::min(series.size(), numbers::most_noisy_readings);
  for (std::size_t i = 0; i < kept; ++i)
    chosen.push_back(series[i * (series.size() - 1) / std::max<std::size_t>(kept - 1, 1)]);
  return chosen;
}

std::vector<double> slopes_of_pairs(const std::vector<Sample>& series) {
  std::vector<double> slopes;
  slopes.reserve(series.size() * (series.size() - 1) / 2);
  for (std::size_t i = 0; i < series.size(); ++i)
    for (std::size_t j = i + 1; j < series.size(); ++j)
      if (series[j].iteration > series[i].iteration)
        slopes.push_back(static_cast<double>(series[j].value - series[i].value) /
                         static_cast<double>(series[j].iteration - series[i].iteration));
  std::ranges::sort(slopes);
  return slopes;
}

double median_of_sorted(const std::vector<double>& sorted) {
  const auto middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

// 1 for the lowest; equal values share the mean of their ranks.
std::vector<double> ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  std::vector<double> ranks(values.size());
  for (std::size_t begin = 0; begin < order.size();) {
    auto end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (auto i = begin; i < end; ++i) ranks[order[i]] = static_cast<double>(begin + end + 1) / 2;
    begin = end;
  }
  return ranks;
}

double autocorrelation(const std::vector<double>& ranks, std::size_t lag) {
  const auto mean = std::accumulate(ranks.begin(), ranks.end(), 0.0) / static_cast<double>(ranks.size());
  double covariance = 0, variance = 0;
  for (std::size_t i = 0; i < ranks.size(); ++i) {
    variance += (ranks[i] - mean) * (ranks[i] - mean);
    if (i + lag < ranks.size()) covariance += (ranks[i] - mean) * (ranks[i + lag] - mean);
  }
  return variance > 0 ? covariance / variance : 0;
}

// By how much dependence widens the variance: Hamed and Rao's n / n*, over the lags that are significant at 95 %.
// Negative dependence would narrow it; it is not believed.
double widening(const std::vector<double>& ranks) {
  const auto n = static_cast<double>(ranks.size());
  double sum = 0;
  for (std::size_t lag = 1; lag + 2 < ranks.size(); ++lag) {
    const auto correlation = autocorrelation(ranks, lag);
    if (std::abs(correlation) < numbers::certain_95 / std::sqrt(n)) continue;
    const auto i = static_cast<double>(lag);
    sum += (n - i) * (n - i - 1) * (n - i - 2) * correlation;
  }
  return std::max(1.0, 1 + 2 / (n * (n - 1) * (n - 2)) * sum);
}

// Of Kendall's statistic where readings are independent; ties make it smaller.
double kendall_variance(const std::vector<Sample>& series) {
  std::map<std::int64_t, double> ties;
  for (const auto& sample : series) ++ties[sample.value];
  const auto term = [](double n) { return n * (n - 1) * (2 * n + 5); };
  auto variance = term(static_cast<double>(series.size()));
  for (const auto& [value, count] : ties) variance -= term(count);
  return variance / 18;
}

std::vector<double> ranks_without_trend(const std::vector<Sample>& series, double slope) {
  std::vector<double> residuals;
  for (const auto& sample : series)
    residuals.push_back(static_cast<double>(sample.value) - slope * static_cast<double>(sample.iteration));
  return ranks_of(residuals);
}

}  // namespace

std::optional<Trend> trend_of(std::span<const Sample> series, double confidence) {
  if (series.size() < numbers::fewest_noisy_readings) return {};
  const auto chosen = thinned(series);
  const auto slopes = slopes_of_pairs(chosen);
  if (slopes.empty()) return {};
  const auto slope = median_of_sorted(slopes);
  const auto deviation =
      confidence * std::sqrt(kendall_variance(chosen) * widening(ranks_without_trend(chosen, slope)));
  const auto last = static_cast<double>(slopes.size() - 1);
  const auto at = [&](double rank) { return slopes[static_cast<std::size_t>(std::clamp(rank, 0.0, last))]; };
  const auto pairs = static_cast<double>(slopes.size());
  return Trend{slope, at(std::floor((pairs - deviation) / 2)), at(std::ceil((pairs + deviation) / 2))};
}

}  // namespace soak::verdict
