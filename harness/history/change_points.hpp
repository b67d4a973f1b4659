// Where a series of commits changed its level.
//
// Exact metrics: every difference from one commit to the next beyond rounding, since they do not vary; one point is
// enough. Where repeated runs of a commit differ, or the series goes up and down at most of its steps, a count is no
// exact one and is treated as noise.
//
// Noisy metrics: the steps between fitted levels (levels.hpp) that are larger than 5 % and than the noise of both
// levels, and that a Mann-Whitney U test of both levels is sure of: p < 0.001, so that no fewer than about four
// points after a change show it.
#pragma once

#include <vector>

#include "history/trend.hpp"

namespace soak::history {

inline constexpr double largest_step_p_value = 0.001;

/// `points` are oldest first. `is_exact` is whether the metric counts; it comes back false where it does not do so
/// here. Fills in index, levels, direction and certainty; whoever asks knows the commits.
[[nodiscard]] std::vector<ChangePoint> find_change_points(const record::Metric& metric,
                                                          const std::vector<TrendPoint>& points, bool& is_exact);

}  // namespace soak::history
