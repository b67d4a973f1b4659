// What growth at several lengths of the same run says. No statistics can replace this experiment: run four times as
// long, a leak has grown four times as much, a cache that is full has not.
#pragma once

#include <cstdint>
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

/// Between the two longest. 0 where there are not two.
[[nodiscard]] double growth_per_iteration(const std::vector<ScaledGrowth>& lengths);

}  // namespace soak::verdict
