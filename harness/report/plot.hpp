// Curves as characters on a grid: any terminal, any log can show them.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace soak::report {

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
