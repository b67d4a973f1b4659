#include "verdict/series.hpp"

#include <gtest/gtest.h>

#include <string>

namespace soak::verdict {
namespace {

Series series_of(const std::vector<std::int64_t>& values) {
  Series series;
  for (const auto value : values) series.push_back({static_cast<std::int64_t>(series.size()) * 10, value});
  return series;
}

struct ShapeCase {
  std::string name;
  std::vector<std::int64_t> values;
  bool rises, falls;
};
const std::vector<ShapeCase> shape_cases = {
    {"flat", {5, 5, 5, 5, 5, 5, 5, 5, 5}, false, false},
    {"line", {0, 1, 2, 3, 4, 5, 6, 7, 8}, true, false},
    {"line down", {8, 7, 6, 5, 4, 3, 2, 1, 0}, false, true},
    {"saw-tooth", {0, 4, 8, 0, 4, 8, 0, 4, 8}, false, false},
    {"saw-tooth on a line", {0, 4, 8, 6, 10, 14, 12, 16, 20}, true, false},
    {"one spike at the end", {5, 5, 5, 5, 5, 5, 5, 5, 99}, false, false},
    {"one spike at the start", {99, 5, 5, 5, 5, 5, 5, 5, 5}, false, false},
    {"ring that touches its floor once a window", {5, 9, 9, 9, 5, 9, 9, 5, 9}, false, false},
};

TEST(GrowthOverWindows, TellsALeakFromWhatComesAndGoes) {
  for (const auto& [name, values, rises, falls] : shape_cases) {
    const auto growth = growth_over_windows(series_of(values));
    ASSERT_TRUE(growth) << name;
    EXPECT_EQ(growth->rises(), rises) << name;
    EXPECT_EQ(growth->falls(), falls) << name;
  }
}

TEST(GrowthOverWindows, SlopeIsExactOnALine) {
  const auto growth = growth_over_windows(series_of({100, 340, 580, 820, 1060, 1300, 1540}));
  ASSERT_TRUE(growth);
  EXPECT_EQ(growth->per_iteration(), 24);
}

TEST(GrowthOverWindows, NeedsSixReadingsOverThreeIterations) {
  EXPECT_FALSE(growth_over_windows(series_of({})));
  EXPECT_FALSE(growth_over_windows(series_of({1, 2, 3, 4, 5})));
  EXPECT_TRUE(growth_over_windows(series_of({1, 2, 3, 4, 5, 6})));
  EXPECT_FALSE(growth_over_windows(Series(10, Sample{7, 1})));
  EXPECT_FALSE(growth_over_windows(Series{{0, 1}, {1, 1}, {1, 1}, {1, 1}, {2, 1}, {2, 1}}));
  EXPECT_TRUE(growth_over_windows(Series{{0, 1}, {1, 1}, {1, 1}, {2, 1}, {2, 1}, {3, 1}}));
}

TEST(GrowthOverWindows, WindowsAreEqualInIterationsNotInReadings) {
  // Dense at the start, sparse later: by number of readings the first window would reach the plateau.
  const Series warm_up_at_once = {{0, 0}, {1, 5}, {2, 9}, {3, 9}, {4, 9}, {5, 9}, {50, 9}, {90, 9}, {99, 9}};
  EXPECT_FALSE(growth_over_windows(warm_up_at_once)->rises());
}

TEST(FromIteration, KeepsTheReadingAtTheIteration) {
  const auto series = series_of({1, 2, 3});
  EXPECT_EQ(from_iteration(series, 10).size(), 2U);
  EXPECT_EQ(from_iteration(series, 11).size(), 1U);
  EXPECT_EQ(from_iteration(series, 21).size(), 0U);
}

std::vector<std::int64_t> values_of(const Series& series) {
  std::vector<std::int64_t> values;
  for (const auto& sample : series) values.push_back(sample.value);
  return values;
}

TEST(KeptOf, IsTheLowestLevelThatIsReturnedTo) {
  EXPECT_EQ(values_of(kept_of(series_of({3, 1, 4, 1, 5, 9, 2, 6}))),
            (std::vector<std::int64_t>{1, 1, 1, 1, 2, 2, 2, 6}));
  EXPECT_TRUE(kept_of({}).empty());
}

/// Of readings that rise by so much each.
Series risen(const std::vector<std::int64_t>& rises) {
  std::vector<std::int64_t> values{0};
  for (const auto rise : rises) values.push_back(values.back() + rise);
  return series_of(values);
}

struct StepsCase {
  std::string name;
  Series series, expected;
};
const std::vector<StepsCase> steps_cases = {
    {"nothing", {}, {}},
    {"one reading", series_of({7}), series_of({7})},
    {"a line", risen({1, 1, 1, 1, 1}), risen({1, 1, 1, 1, 1})},
    {"a step on a level", series_of({5, 5, 5, 9, 9, 9}), series_of({5, 5, 5, 5, 5, 5})},
    {"a step on a line becomes a rise as usual", risen({1, 1, 100, 1, 1}), risen({1, 1, 1, 1, 1})},
    {"three steps", risen({1, 1, 30, 1, 1, 100, 1, 1, 40, 1, 1}), risen({1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1})},
    {"of four the smallest stays", risen({1, 1, 30, 1, 1, 100, 1, 20, 1, 40, 1}),
     risen({1, 1, 1, 1, 1, 1, 1, 20, 1, 1, 1})},
    {"a quarter of the growth, and five times what is usual, is not large",
     risen({2, 2, 2, 2, 2, 2, 10, 2, 2, 2, 2, 2, 2, 2, 2, 2}),
     risen({2, 2, 2, 2, 2, 2, 10, 2, 2, 2, 2, 2, 2, 2, 2, 2})},
    {"more than five times", risen({2, 2, 2, 2, 2, 2, 11, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2}),
     risen({2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2})},
    {"more than a quarter of the growth", risen({2, 2, 2, 2, 9, 2, 2, 2, 2, 2}),
     risen({2, 2, 2, 2, 2, 2, 2, 2, 2, 2})},
    {"what comes and goes is no step", series_of({0, 9, 0, 9, 0}), series_of({0, 9, 0, 9, 0})},
    {"what came to stay at the end is one", series_of({0, 9, 0, 9, 0, 9}), series_of({0, 9, 0, 9, 0, 0})},
};

TEST(WithoutLargeSteps, TakesUpToThreeOutAndLeavesWhatGrowsBesideThem) {
  for (const auto& [name, series, expected] : steps_cases)
    EXPECT_EQ(values_of(without_large_steps(series)), values_of(expected)) << name;
}

}  // namespace
}  // namespace soak::verdict
