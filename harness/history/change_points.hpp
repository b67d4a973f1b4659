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

#include <cstddef>
#include <vector>

#include "history/metric_trend.hpp"

namespace soak::history {

inline constexpr double largest_step_p_value = 0.001;

/// `points` are oldest first. `is_exact` is whether the metric counts; it comes back false where it does not do so
/// here. Fills in index, levels, direction and certainty; whoever asks knows the commits.
[[nodiscard]] std::vector<ChangePoint> find_change_points(const record::Metric& metric,
                                                          const std::vector<TrendPoint>& points, bool& is_exact);

// A noisy series as levels: the piecewise constant curve that fits it with as few steps as its noise allows.
//
// The L1 Potts functional: sum |x - level| + gamma * steps, whose minimum dynamic programming finds. Absolute
// deviations, since times have outliers and medians bear them. gamma is the one whose curve has the least
// log(mean deviation) + 4 ln(n) / n * steps: a step must explain more than four times what BIC asks for, since the
// noise of benchmarks is not independent from one run to the next.

struct Level {
  std::size_t begin = 0, end = 0;  ///< Of the series, end excluded.
  double value = 0;                ///< Median.
};

/// Series longer than this are to be cut by the caller: time and memory grow with the square.
inline constexpr std::size_t longest_series = 2000;

/// Ascending; together all of the series. Precondition: no longer than longest_series.
[[nodiscard]] std::vector<Level> fit_levels(const std::vector<double>& series);

}  // namespace soak::history
