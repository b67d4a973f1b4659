#include "history/rank_test.hpp"

#include <gtest/gtest.h>

#include <random>

namespace soak::history {
namespace {

struct Case {
  std::string name;
  std::vector<double> base, head;
  double p_value, greater_share;
};
// Exact values, counted by hand: of C(n + m, n) ways to deal the ranks out, those at least as far from the middle.
const std::vector<Case> cases = {
    {"all above, 3 and 3", {1, 2, 3}, {4, 5, 6}, 2.0 / 20, 1},
    {"all below, 3 and 3", {4, 5, 6}, {1, 2, 3}, 2.0 / 20, 0},
    {"all above, 5 and 5", {1, 2, 3, 4, 5}, {6, 7, 8, 9, 10}, 2.0 / 252, 1},
    {"one apart, 4 and 4", {1, 2, 3, 5}, {4, 6, 7, 8}, 4.0 / 70, 15.0 / 16},
    {"equal values", {7, 7, 7}, {7, 7, 7}, 1, 0.5},
    {"interleaved", {1, 3, 5}, {2, 4, 6}, 14.0 / 20, 6.0 / 9},
    {"ties count half", {1, 2}, {2, 3}, 4.0 / 6, 7.0 / 8},
};
TEST(MannWhitney, IsExactForFewValues) {
  for (const auto& [name, base, head, p_value, greater_share] : cases) {
    const auto test = mann_whitney(base, head);
    EXPECT_NEAR(test.p_value, p_value, 1e-12) << name;
    EXPECT_NEAR(test.greater_share, greater_share, 1e-12) << name;
  }
}

TEST(MannWhitney, OfManyValuesIsNearTheExactOne) {
  std::mt19937 random(1);
  std::normal_distribution<double> normal;
  std::vector<double> base, head;
  for (int i = 0; i < 20; ++i) base.push_back(normal(random));
  for (int i = 0; i < 20; ++i) head.push_back(normal(random) + 0.8);
  const double exact = mann_whitney(base, head).p_value;
  base.push_back(0), head.push_back(0.8);  // 42 values: the approximation
  EXPECT_NEAR(mann_whitney(base, head).p_value, exact, exact / 3);
}

TEST(MannWhitney, CallsOneInAHundredOfEqualDistributionsDifferent) {
  std::mt19937 random(2);
  std::lognormal_distribution<double> noise(0, 0.1);
  int different = 0;
  for (int i = 0; i < 2000; ++i) {
    std::vector<double> base(8), head(8);
    for (auto& value : base) value = noise(random);
    for (auto& value : head) value = noise(random);
    if (mann_whitney(base, head).p_value < 0.01) ++different;
  }
  EXPECT_GE(different, 5);
  EXPECT_LE(different, 32);  // expected are 20 at most, less three standard deviations more
}

TEST(SmallestPValue, SaysHowManyRepetitionsTell) {
  EXPECT_DOUBLE_EQ(smallest_p_value(1, 1), 1);
  EXPECT_DOUBLE_EQ(smallest_p_value(4, 4), 2.0 / 70);
  EXPECT_DOUBLE_EQ(smallest_p_value(5, 5), 2.0 / 252);
  EXPECT_DOUBLE_EQ(smallest_p_value(0, 5), 1);
}

TEST(ShiftRatio, BearsAnOutlier) { EXPECT_NEAR(shift_ratio({100, 101, 99, 100}, {110, 111, 109, 900}), 1.1, 0.01); }

TEST(Median, OfAnEvenNumberIsTheMeanOfBothInTheMiddle) {
  EXPECT_EQ(median({3, 1, 2}), 2);
  EXPECT_EQ(median({4, 1, 3, 2}), 2.5);
}

}  // namespace
}  // namespace soak::history
