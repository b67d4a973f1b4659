#include "verdict/growth.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <string>

namespace soak::verdict {
namespace {

struct ShapeCase {
  std::string name;
  std::vector<RunEnd> lengths;
  Shape expected;
};

std::vector<RunEnd> at(const std::vector<std::int64_t>& iterations, const std::function<double(double)>& growth) {
  std::vector<RunEnd> lengths;
  for (const auto n : iterations) lengths.push_back({n, static_cast<std::int64_t>(growth(static_cast<double>(n)))});
  return lengths;
}

double doubling_capacity(double n) { return 24 * std::exp2(std::ceil(std::log2(n))); }

const std::vector<ShapeCase> shape_cases = {
    {"nothing known", {}, Shape::unknown},
    {"one length", {{1000, 5000}}, Shape::unknown},
    {"two lengths that grow", {{1000, 1000}, {4000, 4000}}, Shape::unknown},
    {"two lengths that do not", {{1000, 1000}, {4000, 1000}}, Shape::flat},
    {"growth within the tolerance", {{1000, 1000}, {4000, 1024}}, Shape::flat},
    {"a little less at the end", {{1000, 1000}, {4000, 900}, {16000, 850}}, Shape::flat},
    {"a cache that fills in the second run", {{1000, 1000}, {4000, 3000}, {16000, 3000}}, Shape::flat},
    {"a line", at({1000, 4000, 16000}, [](double n) { return 48 * n; }), Shape::linear},
    {"a line behind a large warm-up", at({1000, 4000, 16000}, [](double n) { return 9e6 + n; }), Shape::linear},
    {"a line from a shorter run on", at({250, 1000, 4000}, [](double n) { return 24 * std::floor(n / 100); }),
     Shape::linear},
    {"capacity that doubles", at({1000, 4000, 16000}, doubling_capacity), Shape::linear},
    {"a warm-up that comes to its end", {{100, 9'500}, {400, 33'100}, {1600, 37'800}}, Shape::stopped},
    {"a small line that shows behind it later", {{400, 33'100}, {1600, 37'800}, {6400, 56'600}}, Shape::linear},
    {"a square root", at({1000, 4000, 16000}, [](double n) { return 500 * std::sqrt(n); }), Shape::slower},
    {"a logarithm", at({1000, 4000, 16000}, [](double n) { return 5000 * std::log(n); }), Shape::slower},
    {"a square", at({1000, 4000, 16000}, [](double n) { return n * n / 1000; }), Shape::faster},
    {"a step between the first two only", {{1000, 0}, {4000, 500}, {16000, 500}}, Shape::flat},
    {"growth that begins with the last", {{1000, 0}, {4000, 0}, {16000, 5000}}, Shape::unknown},
    {"judged by the last three", {{250, 0}, {1000, 10}, {4000, 40}, {16000, 160}}, Shape::linear},
};

TEST(GrowthOverRuns, DistinguishesLeaksFromWhatStopsAndWhatSlowsDown) {
  for (const auto& [name, lengths, expected] : shape_cases)
    EXPECT_EQ(to_string(growth_over_runs({.ends = lengths, .tolerance = 24}).shape), to_string(expected)) << name;
}

TEST(GrowthPerIteration, IsBetweenTheTwoLongest) {
  EXPECT_DOUBLE_EQ(growth_per_iteration({{1000, 9000}, {4000, 10'500}}), 0.5);
  EXPECT_DOUBLE_EQ(growth_per_iteration({{1000, 9000}}), 0);
}

}  // namespace
}  // namespace soak::verdict
