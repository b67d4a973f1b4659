// The commits at which a metric changed its level.
//
// Exact metrics do not vary, so that every difference from one commit to the next beyond rounding is a change, and
// one point shows it. If repeated runs of a commit differ, or the series goes up and down at most of its steps, the
// count is not exact and is treated as noisy.
//
// Noisy metrics change at the steps between fitted levels (below) that are larger than 5 % and than the noise of both
// levels, and that a Mann-Whitney U test of both levels confirms with p < 0.001: it takes about four points after a
// change to show it.
#pragma once

#include <cstddef>
#include <vector>

#include "history/metric_trend.hpp"

namespace soak::history {

inline constexpr double largest_step_p_value = 0.001;

/// `points` are oldest first. `is_exact` says whether the metric is a count; it comes back false if this series is
/// not exact. Fills in index, levels, direction and certainty; the caller knows the commits.
[[nodiscard]] std::vector<ChangePoint> find_change_points(const record::Metric& metric,
                                                          const std::vector<TrendPoint>& points, bool& is_exact);

// Levels of a noisy series: the piecewise constant curve that fits it with as few steps as its noise allows.
//
// It minimises the L1 Potts functional, sum |x - level| + gamma * steps, by dynamic programming. Deviations are
// absolute because times have outliers, which medians bear. gamma is the one whose curve has the lowest
// log(mean deviation) + 4 ln(n) / n * steps: a step must explain more than four times what BIC asks for, because the
// noise of benchmarks is not independent from one run to the next.

struct Level {
  std::size_t begin = 0, end = 0;  ///< Indices of the series, end excluded.
  double value = 0;                ///< Median.
};

/// The caller cuts longer series: time and memory grow with the square.
inline constexpr std::size_t longest_series = 2000;

/// The levels in order; together they cover the series. Precondition: no longer than longest_series.
[[nodiscard]] std::vector<Level> fit_levels(const std::vector<double>& series);

}  // namespace soak::history
