#include "history/bisection.hpp"

#include <gtest/gtest.h>

namespace soak::history {
namespace {

struct Case {
  double value, good, bad;
  Finding expected;
};
const std::vector<Case> cases = {
    {12, 12, 14, Finding::good},   {14, 12, 14, Finding::bad},  {13.1, 12, 14, Finding::bad},
    {12.9, 12, 14, Finding::good}, {20, 12, 14, Finding::bad},  {0, 12, 14, Finding::good},
    {3, 10, 2, Finding::bad},      {13, 12, 14, Finding::good},  // a tie accuses nobody
};
TEST(NearerEnd, DecidesForEitherDirection) {
  for (const auto& [value, good, bad, expected] : cases)
    EXPECT_EQ(nearer_end(value, good, bad), expected) << value << " of " << good << ".." << bad;
}

}  // namespace
}  // namespace soak::history
