#include "verdict/scaling.hpp"

#include <cmath>

namespace soak::verdict {
namespace {

// Between the exponents of a logarithm (0), a square root (1/2), a line (1) and a square (2). A line with noise, and
// a container that doubles, stay above 0.75: 2.8 times as much at four times the length.
constexpr double least_square_root = 0.25, least_linear = 0.74, least_faster = 1.5;
// A logarithm adds as much in each step; what adds clearly less than in the one before comes to its end.
constexpr double least_logarithm = -0.25;

}  // namespace

Shape shape_of(const std::vector<ScaledGrowth>& lengths, std::int64_t tolerance) {
  if (lengths.size() < 2) return Shape::unknown;
  const auto& longest = lengths[lengths.size() - 1];
  const auto& before = lengths[lengths.size() - 2];
  const auto last_step = longest.growth - before.growth;
  if (last_step <= tolerance) return Shape::flat;
  if (lengths.size() < 3) return Shape::unknown;
  const auto& first = lengths[lengths.size() - 3];
  const auto step = before.growth - first.growth;
  if (step <= 0) return Shape::unknown;
  const auto length_ratio = static_cast<double>(longest.iterations - before.iterations) /
                            static_cast<double>(before.iterations - first.iterations);
  const auto exponent = std::log(static_cast<double>(last_step) / static_cast<double>(step)) / std::log(length_ratio);
  if (exponent < least_logarithm) return Shape::warm_up;
  if (exponent < least_square_root) return Shape::logarithmic;
  if (exponent < least_linear) return Shape::square_root;
  return exponent < least_faster ? Shape::linear : Shape::faster;
}

double growth_per_iteration(const std::vector<ScaledGrowth>& lengths) {
  if (lengths.size() < 2) return 0;
  const auto& longest = lengths[lengths.size() - 1];
  const auto& before = lengths[lengths.size() - 2];
  return static_cast<double>(longest.growth - before.growth) /
         static_cast<double>(longest.iterations - before.iterations);
}

}  // namespace soak::verdict
