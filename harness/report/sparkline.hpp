// Curves as text: in one line, or on a grid.
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

/// A point of a curve: its value after so many iterations.
using CurvePoint = std::pair<std::int64_t, std::int64_t>;

/// The live heap at the checkpoints of a repetition; resident memory if the heap was not counted. Empty if neither
/// was.
[[nodiscard]] std::vector<CurvePoint> heap_curve(const record::Repetition& repetition);

/// `columns` characters, each as high as the curve's highest point in its part of the iterations. The lowest point of
/// the curve is the bottom; a curve that rises by less than `least_span` does not reach the top, so that noise stays
/// low. Empty if there are fewer than two points.
[[nodiscard]] std::string sparkline(const std::vector<CurvePoint>& points, std::size_t columns,
                                    std::int64_t least_span, Glyphs glyphs);

// --- Curves as characters on a grid, which any terminal and any log can show

struct PlotCurve {
  char mark = '*';
  std::vector<std::pair<double, double>> points;  ///< x and y, finite.
};

struct PlotFrame {
  std::size_t columns = 60, rows = 8;           ///< Size of the grid, without the axis.
  std::function<std::string(double)> format_y;  ///< Labels the highest and the lowest y.
  std::string indent = "  ";
};

/// The grid with its axis on the left, highest y on top, each line ended with a newline. If curves meet, the last
/// one is shown. Empty if there are no points.
[[nodiscard]] std::string plot(const std::vector<PlotCurve>& curves, const PlotFrame& frame);

}  // namespace soak::report
