#include "verdict/series.hpp"

#include <algorithm>
#include <numeric>

#include "verdict/numbers.hpp"

namespace soak::verdict {
namespace {

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

std::span<const Sample> from_iteration(std::span<const Sample> series, std::int64_t iteration) {
  const auto first = std::ranges::lower_bound(series, iteration, {}, &Sample::iteration);
  return {first, series.end()};
}

std::int64_t growth_of(std::span<const Sample> series) {
  return series.empty() ? 0 : series.back().value - series.front().value;
}

std::int64_t range_of(std::span<const Sample> series) {
  const auto [low, high] = std::ranges::minmax(series, {}, &Sample::value);
  return high.value - low.value;
}

Series kept_of(std::span<const Sample> series) {
  Series kept(series.begin(), series.end());
  for (auto i = kept.size(); i-- > 1;) kept[i - 1].value = std::min(kept[i - 1].value, kept[i].value);
  return kept;
}

std::int64_t fallback_of(std::span<const Sample> series) {
  std::int64_t highest = series.empty() ? 0 : series.front().value, fall = 0;
  for (const auto& sample : series) {
    highest = std::max(highest, sample.value);
    fall = std::max(fall, highest - sample.value);
  }
  return fall;
}

Series without_large_steps(std::span<const Sample> series) {
  Series rest(series.begin(), series.end());
  for (int steps = 0; steps < numbers::most_steps && rest.size() > 1; ++steps) {
    const auto rises = rises_of(kept_of(rest));
    const auto largest = std::ranges::max_element(rises);
    const auto growth = std::accumulate(rises.begin(), rises.end(), std::int64_t{0});
    // If most readings do not rise, nothing is usual.
    const auto usual = usual_rise(rises);
    if (*largest <= growth / numbers::step_share &&
        (usual == 0 || *largest <= numbers::usual_rises_of_a_step * usual))
      break;
    for (auto i = static_cast<std::size_t>(largest - rises.begin()) + 1; i < rest.size(); ++i)
      rest[i].value -= *largest - usual;
  }
  return rest;
}

double WindowedGrowth::per_iteration() const {
  return static_cast<double>(last_low.value - first_low.value) /
         static_cast<double>(last_low.iteration - first_low.iteration);
}

std::optional<WindowedGrowth> growth_over_windows(std::span<const Sample> series) {
  if (series.size() < numbers::fewest_readings) return {};
  const auto start = series.front().iteration, end = series.back().iteration;
  const auto width = (end - start) / 3;
  if (width < 1) return {};
  const auto first_end = std::ranges::lower_bound(series, start + width, {}, &Sample::iteration);
  const auto last_start = std::ranges::upper_bound(series, end - width, {}, &Sample::iteration);
  const std::span first(series.begin(), first_end), last(last_start, series.end());
  const auto highest = [](std::span<const Sample> window) {
    return std::ranges::max(window, {}, &Sample::value).value;
  };
  return WindowedGrowth{std::ranges::min(first, {}, &Sample::value), std::ranges::min(last, {}, &Sample::value),
                        highest(first), highest(last)};
}

}  // namespace soak::verdict
