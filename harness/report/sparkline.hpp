// A curve in one line of text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "record/record.hpp"

namespace soak::report {

enum class Glyphs { unicode, ascii };

/// Where a curve stands after so many iterations.
using CurvePoint = std::pair<std::int64_t, std::int64_t>;

/// The live heap at the checkpoints of a repetition; resident memory where the heap was not counted. Empty where
/// neither was.
[[nodiscard]] std::vector<CurvePoint> heap_curve(const record::Repetition& repetition);

/// `columns` characters, each as high as the curve's highest point in its part of the iterations. The lowest point of
/// the curve is the bottom; what rises by less than `least_span` does not reach the top: noise stays low. Empty where
/// there are fewer than two points.
[[nodiscard]] std::string sparkline(const std::vector<CurvePoint>& points, std::size_t columns,
                                    std::int64_t least_span, Glyphs glyphs);

// Curves as characters on a grid: any terminal, any log can show them.

struct PlotCurve {
  char mark = '*';
  std::vector<std::pair<double, double>> points;  ///< x and y, finite.
};

struct PlotFrame {
  std::size_t columns = 60, rows = 8;           ///< Of the grid, without the axis.
  std::function<std::string(double)> format_y;  ///< For the highest and the lowest y.
  std::string indent = "  ";
};

/// The grid with its axis on the left, highest y on top, each line ended with a newline. Where curves meet the last
/// one is seen. Empty where there is no point.
[[nodiscard]] std::string plot(const std::vector<PlotCurve>& curves, const PlotFrame& frame);

}  // namespace soak::report
