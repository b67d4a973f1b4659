#include "verdict/scaling.hpp"

#include <algorithm>
#include <cmath>

namespace soak::verdict {
namespace {

// Between the exponents of a logarithm (0), a square root (1/2), a line (1) and a square (2). A line with noise, and
// a container that doubles, stay above 0.75: 2.8 times as much at four times the length.
constexpr double least_square_root = 0.25, least_linear = 0.74, least_faster = 1.5;

constexpr std::size_t fewest_readings = 6;
constexpr double least_share = 0.4;  // of the slope: capacity that doubles is that far behind at worst
constexpr double single_step = 0.9;  // of the growth

}  // namespace

bool bears_out(std::span<const Sample> longest, double per_iteration) {
  if (longest.size() < fewest_readings) return true;
  const auto begin = longest.front().iteration, eighth = (longest.back().iteration - begin) / 8;
  const auto kept = kept_of(longest);
  // What is there only at the end may go again: the last eighth counts by its lowest reading.
  const auto first = std::ranges::lower_bound(kept, begin + eighth, {}, &Sample::iteration);
  const auto last = std::ranges::lower_bound(kept, longest.back().iteration - eighth, {}, &Sample::iteration);
  if (first >= last) return true;
  const auto growth = static_cast<double>(last->value - first->value);
  const auto expected = per_iteration * static_cast<double>(last->iteration - first->iteration);
  std::int64_t largest_step = 0;
  for (auto at = first; at != last; ++at) largest_step = std::max(largest_step, (at + 1)->value - at->value);
  return growth >= least_share * expected && static_cast<double>(largest_step) < single_step * growth;
}

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
