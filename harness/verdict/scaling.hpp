// What growth at several lengths of the same run says. No statistics can replace this experiment: run four times as
// long, a leak has grown four times as much, a cache that is full has not.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "verdict/shape.hpp"

namespace soak::verdict {

/// Where a figure stood, against the baseline, at the end of a run of so many iterations.
struct ScaledGrowth {
  std::int64_t iterations = 0;
  std::int64_t growth = 0;
};

/// The shape over the last three of `lengths`, which ascend in iterations. End is compared with end, so that what
/// warm-up added, once, falls out: of what two steps added, (g2 - g1) and (g3 - g2), the exponent is log(ratio) /
/// log(ratio of the steps in iterations), 1 for a line, 1/2 for a square root. `tolerance` is growth that means
/// nothing; with two lengths only `flat` can be told.
[[nodiscard]] Shape shape_of(const std::vector<ScaledGrowth>& lengths, std::int64_t tolerance);

/// Whether the longest run itself grew as the lengths say: from an eighth of it on by at least two fifths of what
/// `per_iteration` makes of it, and in more than one step. Where runs end on levels that chance decides, three of
/// them may stand in a line. With fewer than 6 readings there is nothing to contradict.
[[nodiscard]] bool bears_out(std::span<const Sample> longest, double per_iteration);

/// Whether the longest run added no more than `tolerance` in its last half. False with fewer than 6 readings.
[[nodiscard]] bool has_stopped(std::span<const Sample> longest, std::int64_t tolerance);

/// Between the two longest. 0 where there are not two.
[[nodiscard]] double growth_per_iteration(const std::vector<ScaledGrowth>& lengths);

}  // namespace soak::verdict
