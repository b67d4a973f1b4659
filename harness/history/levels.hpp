// A noisy series as levels: the piecewise constant curve that fits it with as few steps as its noise allows.
//
// The L1 Potts functional: sum |x - level| + gamma * steps, whose minimum dynamic programming finds. Absolute
// deviations, since times have outliers and medians bear them. gamma is the one whose curve has the least
// log(mean deviation) + 4 ln(n) / n * steps: a step must explain more than four times what BIC asks for, since the
// noise of benchmarks is not independent from one run to the next.
#pragma once

#include <cstddef>
#include <vector>

namespace soak::history {

struct Level {
  std::size_t begin = 0, end = 0;  ///< Of the series, end excluded.
  double value = 0;                ///< Median.
};

/// Series longer than this are to be cut by the caller: time and memory grow with the square.
inline constexpr std::size_t longest_series = 2000;

/// Ascending; together all of the series. Precondition: no longer than longest_series.
[[nodiscard]] std::vector<Level> fit_levels(const std::vector<double>& series);

}  // namespace soak::history
