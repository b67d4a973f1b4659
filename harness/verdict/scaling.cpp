#include "verdict/scaling.hpp"

#include <algorithm>
#include <cmath>

namespace soak::verdict {
namespace {

// Between the exponents of a logarithm (0), a square root (1/2), a line (1) and a square (2). A line with noise, and
// a container that doubles, stay above 0.75: 2.8 times as much at four times the length.
constexpr double least_square_root = 0.25, least_linear = 0.74, least_faster = 1.5;
// A logarithm adds as much in each step; what adds clearly less than in the one before comes to its end.
constexpr double least_logarithm = -0.25;

constexpr std::size_t fewest_readings = 6;
constexpr double least_share = 0.4;  // of the slope: capacity that doubles is that far behind at worst
constexpr double single_step = 0.9;  // of the growth

// What is kept from so many eighths of a run on. What is there only at the end may go again, so the last eighth
// counts by its lowest reading.
Series kept_from(std::span<const Sample> run, std::int64_t eighths) {
  const auto begin = run.front().iteration, length = run.back().iteration - begin;
  auto kept = kept_of(run);
  kept.erase(std::ranges::upper_bound(kept, begin + length * 7 / 8, {}, &Sample::iteration), kept.end());
  kept.erase(kept.begin(), std::ranges::lower_bound(kept, begin + length * eighths / 8, {}, &Sample::iteration));
  return kept;
}

}  // namespace

bool bears_out(std::span<const Sample> longest, double per_iteration) {
  if (longest.size() < fewest_readings) return true;
  const auto kept = kept_from(longest, 1);
  if (kept.size() < 2) return true;
  const auto growth = static_cast<double>(kept.back().value - kept.front().value);
  const auto expected = per_iteration * static_cast<double>(kept.back().iteration - kept.front().iteration);
  std::int64_t largest_step = 0;
  for (std::size_t i = 1; i < kept.size(); ++i)
    largest_step = std::max(largest_step, kept[i].value - kept[i - 1].value);
  return growth >= least_share * expected && static_cast<double>(largest_step) < single_step * growth;
}

bool has_stopped(std::span<const Sample> longest, std::int64_t tolerance) {
  if (longest.size() < fewest_readings) return false;
  const auto kept = kept_from(longest, 4);
  return kept.size() >= 2 && kept.back().value - kept.front().value <= tolerance;
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
