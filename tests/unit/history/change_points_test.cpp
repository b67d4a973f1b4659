#include "history/change_points.hpp"

#include <gtest/gtest.h>

#include <random>

namespace soak::history {
namespace {

const record::Metric& exact = *record::metric_named("allocations_per_iteration");
const record::Metric& bytes = *record::metric_named("heap_peak_bytes");
const record::Metric& times = *record::metric_named("iteration_time_ns");

std::vector<TrendPoint> points_of(const std::vector<double>& values, double rounding_bytes = 0) {
  std::vector<TrendPoint> points;
  for (const double value : values) {
    TrendPoint point;
    point.value = point.low = point.high = value;
    point.rounding_bytes = rounding_bytes;
    points.push_back(point);
  }
  return points;
}

std::vector<std::size_t> changes_of(const record::Metric& metric, const std::vector<TrendPoint>& points,
                                    bool is_exact) {
  std::vector<std::size_t> indices;
  for (const auto& change : find_change_points(metric, points, is_exact)) indices.push_back(change.index);
  return indices;
}

using Indices = std::vector<std::size_t>;

TEST(ExactChanges, TakeOnePoint) {
  EXPECT_EQ(changes_of(exact, points_of({12, 12, 13, 13, 12}), true), (Indices{2, 4}));
  EXPECT_EQ(changes_of(exact, points_of({12}), true), Indices{});
  EXPECT_EQ(changes_of(exact, points_of({}), true), Indices{});
}

TEST(ExactChanges, SayDirectionAndLevels) {
  bool is_exact = true;
  const auto changes = find_change_points(exact, points_of({12, 10, 15}), is_exact);
  ASSERT_EQ(changes.size(), 2U);
  EXPECT_FALSE(changes[0].is_worse);
  EXPECT_TRUE(changes[1].is_worse);
  EXPECT_EQ(changes[1].before, 10);
  EXPECT_EQ(changes[1].after, 15);
  EXPECT_FALSE(changes[1].p_value);
}

TEST(ExactChanges, RoundingIsNone) {
  EXPECT_EQ(changes_of(bytes, points_of({1000, 1016, 1000, 1032}, 32), true), Indices{});
  EXPECT_EQ(changes_of(bytes, points_of({1000, 1016, 1032, 1048}, 32), true), (Indices{3})) << "roundings add up";
}

TEST(ExactChanges, ACountThatGoesUpAndDownIsNoise) {
  bool is_exact = true;
  const auto changes =
      find_change_points(exact, points_of({12, 13, 11, 12, 14, 12, 13, 11, 13, 12, 11, 12}), is_exact);
  EXPECT_FALSE(is_exact);
  EXPECT_TRUE(changes.empty());
}

TEST(ExactChanges, SpreadOfRepeatedRunsIsNone) {
  auto points = points_of({12, 12.5, 12});
  for (auto& point : points) point.low = 11, point.high = 13;
  EXPECT_EQ(changes_of(exact, points, true), Indices{});
}

std::vector<double> noisy(const std::vector<std::pair<int, double>>& levels, unsigned seed) {
  std::mt19937 random(seed);
  std::lognormal_distribution<double> noise(0, 0.04);
  std::vector<double> values;
  for (const auto& [length, level] : levels)
    for (int i = 0; i < length; ++i) values.push_back(level * noise(random));
  return values;
}

TEST(NoisyChanges, AreFoundWithTheirCertainty) {
  bool is_exact = false;
  const auto changes = find_change_points(times, points_of(noisy({{20, 100}, {20, 125}}, 3)), is_exact);
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].index, 20U);
  EXPECT_TRUE(changes[0].is_worse);
  EXPECT_LT(*changes[0].p_value, 1e-4);
}

TEST(NoisyChanges, TwoPointsAreTooFewToBeSure) {
  EXPECT_EQ(changes_of(times, points_of(noisy({{30, 100}, {2, 150}}, 4)), false), Indices{});
  EXPECT_EQ(changes_of(times, points_of(noisy({{30, 100}, {5, 150}}, 4)), false), (Indices{30}));
}

TEST(NoisyChanges, OfNoiseThereAreNone) {
  int found = 0;
  for (unsigned seed = 1; seed <= 100; ++seed)
    found += changes_of(times, points_of(noisy({{80, 100}}, seed)), false).empty() ? 0 : 1;
  EXPECT_EQ(found, 0);
}

TEST(NoisyChanges, OfLongSeriesTheNewestPartIsLookedAt) {
  auto values = std::vector<double>(2500, 100);
  for (std::size_t i = 2400; i < values.size(); ++i) values[i] = 120;
  EXPECT_EQ(changes_of(times, points_of(values), false), (Indices{2400}));
}

}  // namespace
}  // namespace soak::history
