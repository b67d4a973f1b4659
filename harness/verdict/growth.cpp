#include "verdict/growth.hpp"

#include <algorithm>
#include <numeric>

namespace soak::verdict {
namespace {

constexpr std::size_t fewest_readings = 6;
constexpr int most_steps = 3;

std::int64_t highest(std::span<const Sample> window) { return std::ranges::max(window, {}, &Sample::value).value; }

// Of each reading but the first above the one before it.
std::vector<std::int64_t> rises_of(const Series& kept) {
  std::vector<std::int64_t> rises;
  for (std::size_t i = 1; i < kept.size(); ++i) rises.push_back(kept[i].value - kept[i - 1].value);
  return rises;
}

std::int64_t usual_rise(std::vector<std::int64_t> rises) {
  const auto middle = rises.begin() + static_cast<std::ptrdiff_t>(rises.size() / 2);
  std::ranges::nth_element(rises, middle);
  return *middle;
}

}  // namespace

double WindowedGrowth::per_iteration() const {
  return static_cast<double>(last_low.value - first_low.value) /
         static_cast<double>(last_low.iteration - first_low.iteration);
}

std::int64_t WindowedGrowth::noise() const {
  return std::max({first_high - first_low.value, last_high - last_low.value, first_high - last_low.value});
}

std::span<const Sample> from_iteration(const Series& series, std::int64_t iteration) {
  const auto begin = std::ranges::lower_bound(series, iteration, {}, &Sample::iteration);
  return {begin, series.end()};
}

std::optional<WindowedGrowth> growth_over_windows(std::span<const Sample> judged) {
  if (judged.size() < fewest_readings) return {};
  const auto begin = judged.front().iteration, end = judged.back().iteration;
  const auto width = (end - begin) / 3;
  if (width < 1) return {};

  const auto first_end = std::ranges::lower_bound(judged, begin + width, {}, &Sample::iteration);
  const auto last_begin = std::ranges::upper_bound(judged, end - width, {}, &Sample::iteration);
  const std::span first(judged.begin(), first_end), last(last_begin, judged.end());
  return WindowedGrowth{.first_low = std::ranges::min(first, {}, &Sample::value),
                        .last_low = std::ranges::min(last, {}, &Sample::value),
                        .first_high = highest(first),
                        .last_high = highest(last),
                        .total = judged.back().value - judged.front().value,
                        .gap_iterations = last.front().iteration - first.back().iteration};
}

Series kept_of(std::span<const Sample> series) {
  Series kept(series.begin(), series.end());
  for (auto i = kept.size(); i-- > 1;) kept[i - 1].value = std::min(kept[i - 1].value, kept[i].value);
  return kept;
}

Series without_large_steps(std::span<const Sample> series) {
  Series rest(series.begin(), series.end());
  for (int steps = 0; steps < most_steps && rest.size() > 1; ++steps) {
    const auto rises = rises_of(kept_of(rest));
    const auto largest = std::ranges::max_element(rises);
    const auto growth = std::accumulate(rises.begin(), rises.end(), std::int64_t{0});
    // Where most readings do not rise, nothing is usual.
    const auto usual = usual_rise(rises);
    if (*largest <= growth / 4 && (usual == 0 || *largest <= 5 * usual)) break;
    for (auto i = static_cast<std::size_t>(largest - rises.begin()) + 1; i < rest.size(); ++i)
      rest[i].value -= *largest - usual;
  }
  return rest;
}

bool rises_steadily(std::span<const Sample> series) {
  std::size_t steps = 0, rises = 0;
  for (std::size_t i = 1; i < series.size(); ++i, ++steps) {
    if (series[i].value < series[i - 1].value) return false;
    if (series[i].value > series[i - 1].value) ++rises;
  }
  return steps >= 3 && 2 * rises > steps;
}

}  // namespace soak::verdict
