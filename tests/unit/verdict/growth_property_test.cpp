// Properties of the model of growth, over random ladders of lengths and random readings.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>

#include "verdict/growth_in_run.hpp"

namespace soak::verdict {
namespace {

using Random = std::mt19937_64;
using Value = std::function<double(double)>;

constexpr int tries = 2000;

double between(Random& random, double low, double high) {
  return std::uniform_real_distribution<>(low, high)(random);
}
double log_between(Random& random, double low, double high) {
  return std::exp(between(random, std::log(low), std::log(high)));
}

/// Two to eight lengths, any spacing, from 10 to a million.
std::vector<std::int64_t> ladder(Random& random, std::size_t fewest = 2) {
  std::vector<std::int64_t> lengths(std::uniform_int_distribution<std::size_t>(fewest, 8)(random));
  for (auto& length : lengths) length = std::llround(log_between(random, 10, 1e6));
  std::ranges::sort(lengths);
  const auto repeated = std::ranges::unique(lengths);
  lengths.erase(repeated.begin(), repeated.end());
  return lengths;
}

/// Whole blocks of 24 B on a level that differs from program to program.
Growth at_ends(const std::vector<std::int64_t>& lengths, const Value& blocks, std::int64_t start) {
  FigureOverRuns figure{.ends = {}, .tolerance = 24};
  for (const auto length : lengths)
    figure.ends.push_back({length, start + 24 * std::llround(std::floor(blocks(static_cast<double>(length))))});
  return growth_over_runs(figure);
}

/// 20 to 200 readings of one run, each moved a little.
Series run(Random& random, const Value& blocks) {
  const auto length = std::llround(log_between(random, 1e3, 1e6));
  const auto count = std::uniform_int_distribution<std::int64_t>(20, 200)(random);
  Series series;
  for (std::int64_t i = 0; i <= count; ++i) {
    const auto jitter = i == 0 || i == count ? 0 : between(random, -0.3, 0.3);
    const auto at =
        std::llround((static_cast<double>(i) + jitter) * static_cast<double>(length) / static_cast<double>(count));
    series.push_back({at, 1000 + 24 * std::llround(std::floor(blocks(static_cast<double>(at))))});
  }
  return series;
}

std::string text_of(const std::vector<std::int64_t>& lengths) { return testing::PrintToString(lengths); }

TEST(GrowthOfEnds, ALineIsNeverAPassWhateverTheLadder) {
  Random random(1);
  for (int i = 0; i < tries; ++i) {
    const auto rate = log_between(random, 0.5, 100);
    const auto lengths = ladder(random);
    const auto growth = at_ends(
        lengths, [&](double x) { return rate * x; }, i * 100);
    if (lengths.size() < 2 || rate * static_cast<double>(lengths.back() - lengths.front()) < 3) continue;
    EXPECT_TRUE(goes_on(growth.shape) || growth.shape == Shape::unknown)
        << to_string(growth.shape) << text_of(lengths);
  }
}

TEST(GrowthOfEnds, TheClassOfALineDoesNotDependOnTheLadder) {
  Random random(2);
  for (int i = 0; i < tries; ++i) {
    const auto lengths = ladder(random, 5);
    const auto rate = log_between(random, 1, 100);
    const auto growth = at_ends(
        lengths, [&](double x) { return rate * x; }, i * 100);
    EXPECT_EQ(to_string(growth.shape), "linear") << text_of(lengths) << " rate " << rate;
  }
}

TEST(GrowthOfEnds, WhatSlowsDownIsNeverALeak) {
  Random random(3);
  const Value curves[] = {[](double x) { return 1000 * std::sqrt(x); }, [](double x) { return 1e5 * std::log(x); },
                          [](double x) { return 1e4 * std::cbrt(x); }};
  for (int i = 0; i < tries; ++i) {
    const auto lengths = ladder(random, 3);
    EXPECT_FALSE(keeps_pace(at_ends(lengths, curves[i % 3], 0).shape)) << i % 3 << text_of(lengths);
  }
}

TEST(GrowthOfEnds, WhatIsBoundedIsNeverALeakOnceItIsFull) {
  Random random(4);
  for (int i = 0; i < tries; ++i) {
    const auto lengths = ladder(random, 3);
    const auto full = log_between(random, 1, static_cast<double>(lengths.back()) / 2);
    const auto growth = at_ends(
        lengths, [&](double x) { return 7 * std::min(x, full); }, i);
    EXPECT_FALSE(keeps_pace(growth.shape)) << "full at " << full << text_of(lengths);
  }
}

TEST(GrowthInRun, ALineIsSeenWhereverItIsRead) {
  Random random(5);
  for (int i = 0; i < tries; ++i) {
    const auto rate = log_between(random, 0.03, 100), start = log_between(random, 1, 1e5);
    const auto series = run(random, [&](double x) { return start + rate * x; });
    EXPECT_EQ(to_string(growth_in_run(series, Reader::exact).shape), "linear") << "rate " << rate;
  }
}

TEST(GrowthInRun, CapacityThatDoublesKeepsPace) {
  Random random(6);
  for (int i = 0; i < tries; ++i) {
    const auto factor = between(random, 1.5, 2), first = log_between(random, 1, 8);
    const auto series = run(random, [&](double x) {
      auto capacity = first;
      while (capacity < x) capacity *= factor;
      return capacity;
    });
    EXPECT_TRUE(keeps_pace(growth_in_run(series, Reader::exact).shape)) << "factor " << factor;
  }
}

TEST(GrowthInRun, WhatIsFullInTheFirstThirdIsNeverALeak) {
  Random random(7);
  for (int i = 0; i < tries; ++i) {
    const auto blocks = log_between(random, 1, 1e5), part = between(random, 0.0, 0.33);
    auto series = run(random, [](double) { return 0; });
    const auto full = part * static_cast<double>(series.back().iteration);
    for (auto& sample : series)
      sample.value +=
          24 * std::llround(blocks * std::min(1.0, static_cast<double>(sample.iteration) / std::max(full, 1.0)));
    const auto shape = growth_in_run(series, Reader::exact).shape;
    EXPECT_FALSE(goes_on(shape)) << to_string(shape) << " full after " << part;
  }
}

TEST(GrowthInRun, AStepIsNoGrowthThatGoesOn) {
  Random random(8);
  for (int i = 0; i < tries; ++i) {
    const auto part = between(random, 0.0, 0.8);
    auto series = run(random, [](double) { return 0; });
    const auto at = part * static_cast<double>(series.back().iteration);
    for (auto& sample : series) sample.value += static_cast<double>(sample.iteration) > at ? 4096 : 0;
    EXPECT_FALSE(goes_on(growth_in_run(series, Reader::exact).shape)) << part;
  }
}

}  // namespace
}  // namespace soak::verdict
