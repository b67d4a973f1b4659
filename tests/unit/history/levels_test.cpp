#include <gtest/gtest.h>

#include <random>

#include "history/change_points.hpp"

namespace soak::history {
namespace {

/// Log-normal noise of 3 %, and at each step a new level; seeded.
std::vector<double> series_of(const std::vector<std::pair<std::size_t, double>>& levels, unsigned seed) {
  std::mt19937 random(seed);
  std::lognormal_distribution<double> noise(0, 0.03);
  std::vector<double> series;
  for (const auto& [length, level] : levels)
    for (std::size_t i = 0; i < length; ++i) series.push_back(level * noise(random));
  return series;
}

std::vector<std::size_t> begins(const std::vector<Level>& levels) {
  std::vector<std::size_t> all;
  for (const auto& level : levels) all.push_back(level.begin);
  return all;
}

TEST(FitLevels, FindsEachStepWhereItIs) {
  for (unsigned seed = 1; seed <= 20; ++seed)
    EXPECT_EQ(begins(fit_levels(series_of({{30, 100}, {20, 120}, {30, 90}}, seed))),
              (std::vector<std::size_t>{0, 30, 50}))
        << seed;
}

TEST(FitLevels, OfNoiseIsHardlyEverMoreThanOne) {
  int steps = 0;
  for (unsigned seed = 1; seed <= 100; ++seed) steps += fit_levels(series_of({{100, 100}}, seed)).size() > 1 ? 1 : 0;
  EXPECT_LE(steps, 3);
}

TEST(FitLevels, AnOutlierIsNoLevel) {
  auto series = series_of({{60, 100}}, 7);
  series[30] = 300;
  EXPECT_EQ(fit_levels(series).size(), 1U);
}

TEST(FitLevels, OfFewAndOfConstantValues) {
  EXPECT_TRUE(fit_levels({}).empty());
  EXPECT_EQ(fit_levels({5}).size(), 1U);
  EXPECT_EQ(fit_levels(std::vector<double>(50, 5)).size(), 1U);
  const auto two = fit_levels({1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2});
  ASSERT_EQ(begins(two), (std::vector<std::size_t>{0, 6}));
  EXPECT_EQ(two[1].value, 2);
}

}  // namespace
}  // namespace soak::history
