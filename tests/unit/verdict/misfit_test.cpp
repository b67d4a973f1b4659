#include "verdict/misfit.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace soak::verdict {
namespace {

double line(double x) { return x; }
double root(double x) { return std::sqrt(x); }

TEST(Misfit, IsNoneOfTheFormItself) {
  EXPECT_NEAR(misfit(Series{{0, 5}, {10, 25}, {20, 45}, {70, 145}}, line, 0), 0, 1e-9);
  EXPECT_NEAR(misfit(Series{{100, 7}, {101, 10}, {104, 13}, {109, 16}, {116, 19}}, root, 100), 0, 1e-9);
}

TEST(Misfit, IsTheMeanSquareOfWhatIsLeftOverBySoMuchGrowth) {
  // By least squares 1.6 x - 0.4: 0.4, -1.2, 1.2, -0.4 are left over.
  EXPECT_NEAR(misfit(Series{{0, 0}, {1, 0}, {2, 4}, {3, 4}}, line, 0), (0.16 + 1.44 + 1.44 + 0.16) / 4 / 4, 1e-9);
  EXPECT_NEAR(misfit(Series{{0, 0}, {1, 0}, {2, 40}, {3, 40}}, line, 0), 2, 1e-9) << "ten times as high";
}

TEST(Misfit, IsInfiniteWhereThereIsNothingToFit) {
  for (const auto& series : {Series{}, Series{{0, 0}, {1, 1}}, Series{{0, 5}, {1, 5}, {2, 5}},
                             Series{{0, 5}, {1, 6}, {2, 4}}, Series{{3, 1}, {3, 2}, {3, 3}}})
    EXPECT_EQ(misfit(series, line, 0), HUGE_VAL) << series.size();
}

}  // namespace
}  // namespace soak::verdict
