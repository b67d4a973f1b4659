#include "history/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

namespace soak::history {
namespace {

constexpr std::size_t most_for_exact = 40;

/// The ranks of all values, base first; equal values share the mean of their ranks. Doubled, so that all are whole.
struct Ranks {
  std::vector<std::size_t> doubled;
  double tie_term = 0;  ///< Sum of t^3 - t over groups of t equal values.
};

Ranks ranks_of(const std::vector<double>& values) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) { return values[i]; });
  Ranks ranks{std::vector<std::size_t>(values.size()), 0};
  for (std::size_t begin = 0, end = 0; begin < order.size(); begin = end) {
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    for (std::size_t i = begin; i < end; ++i) ranks.doubled[order[i]] = begin + end + 1;
    const auto ties = static_cast<double>(end - begin);
    ranks.tie_term += ties * ties * ties - ties;
  }
  return ranks;
}

std::size_t rank_sum(const Ranks& ranks, std::size_t base_size) {
  const auto base_end = ranks.doubled.begin() + static_cast<std::ptrdiff_t>(base_size);
  return std::accumulate(ranks.doubled.begin(), base_end, std::size_t{0});
}

/// ways[k][s]: how many choices of k of the ranks add up to s.
std::vector<std::vector<double>> ways_to_choose(const Ranks& ranks, std::size_t chosen) {
  const auto all = std::accumulate(ranks.doubled.begin(), ranks.doubled.end(), std::size_t{0});
  std::vector<std::vector<double>> ways(chosen + 1, std::vector<double>(all + 1, 0));
  ways[0][0] = 1;
  for (const auto rank : ranks.doubled)
    for (std::size_t k = chosen; k-- > 0;)
      for (std::size_t sum = all + 1 - rank; sum-- > 0;) ways[k + 1][sum + rank] += ways[k][sum];
  return ways;
}

double exact_p(const Ranks& ranks, std::size_t base_size) {
  const auto ways = ways_to_choose(ranks, base_size).back();
  const double all = std::accumulate(ways.begin(), ways.end(), 0.0);
  // Counts the sums at least as far from the middle as the one seen, on either side. With doubled ranks the mean is
  // base_size * (n + 1).
  const auto middle = static_cast<double>(base_size * (ranks.doubled.size() + 1));
  const double seen = std::abs(static_cast<double>(rank_sum(ranks, base_size)) - middle);
  double as_far = 0;
  for (std::size_t sum = 0; sum < ways.size(); ++sum)
    if (std::abs(static_cast<double>(sum) - middle) >= seen) as_far += ways[sum];
  return std::min(1.0, as_far / all);
}

double approximate_p(const Ranks& ranks, std::size_t base_size) {
  const auto n = static_cast<double>(ranks.doubled.size());
  const auto a = static_cast<double>(base_size), b = n - a;
  const double distance = std::abs(static_cast<double>(rank_sum(ranks, base_size)) / 2 - a * (n + 1) / 2);
  const double variance = a * b / 12 * (n + 1 - ranks.tie_term / (n * (n - 1)));
  if (variance <= 0) return 1;
  return std::min(1.0, std::erfc(std::max(0.0, distance - 0.5) / std::sqrt(2 * variance)));
}

}  // namespace

RankTest mann_whitney(const std::vector<double>& base, const std::vector<double>& head) {
  auto values = base;
  values.insert(values.end(), head.begin(), head.end());
  const auto ranks = ranks_of(values);
  const auto a = static_cast<double>(base.size()), b = static_cast<double>(head.size());
  // U of base: how often a value of base is above one of head.
  const double u = static_cast<double>(rank_sum(ranks, base.size())) / 2 - a * (a + 1) / 2;
  return {
      .p_value = values.size() <= most_for_exact ? exact_p(ranks, base.size()) : approximate_p(ranks, base.size()),
      .greater_share = 1 - u / (a * b)};
}

double smallest_p_value(std::size_t base, std::size_t head) {
  double ways = 1;  // C(base + head, base)
  for (std::size_t i = 1; i <= base; ++i) ways *= static_cast<double>(head + i) / static_cast<double>(i);
  return std::min(1.0, 2 / ways);
}

double shift_ratio(const std::vector<double>& base, const std::vector<double>& head) {
  std::vector<double> logarithms;
  logarithms.reserve(base.size() * head.size());
  for (const double b : base)
    for (const double h : head) logarithms.push_back(std::log(h / b));
  return std::exp(median(std::move(logarithms)));
}

double median(std::vector<double> values) {
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::ranges::nth_element(values, middle);
  if (values.size() % 2 == 1) return *middle;
  return (*middle + *std::max_element(values.begin(), middle)) / 2;
}

}  // namespace soak::history
