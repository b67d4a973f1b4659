#include "report/plot.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace soak::report {
namespace {

struct Range {
  double low = std::numeric_limits<double>::infinity(), high = -std::numeric_limits<double>::infinity();

  void take(double value) {
    low = std::min(low, value);
    high = std::max(high, value);
  }
  /// 0 to steps - 1.
  [[nodiscard]] std::size_t step_of(double value, std::size_t steps) const {
    if (high <= low) return 0;
    return static_cast<std::size_t>(std::lround((value - low) / (high - low) * static_cast<double>(steps - 1)));
  }
};

}  // namespace

std::string plot(const std::vector<PlotCurve>& curves, const PlotFrame& frame) {
  Range x, y;
  for (const auto& curve : curves)
    for (const auto& [at, value] : curve.points) {
      x.take(at);
      y.take(value);
    }
  if (x.high < x.low) return {};
  std::vector<std::string> rows(frame.rows, std::string(frame.columns, ' '));
  for (const auto& curve : curves)
    for (const auto& [at, value] : curve.points)
      rows[frame.rows - 1 - y.step_of(value, frame.rows)][x.step_of(at, frame.columns)] = curve.mark;
  const auto top = frame.format_y(y.high), bottom = y.high > y.low ? frame.format_y(y.low) : std::string();
  const auto label_columns = std::max(columns_of(top), columns_of(bottom));
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    // One level only: it is the lowest line that has it.
    const bool is_top = y.high > y.low ? i == 0 : i + 1 == rows.size();
    const auto& label = is_top ? top : i + 1 == rows.size() ? bottom : std::string();
    auto& row = rows[i];
    row.erase(row.find_last_not_of(' ') + 1);
    text += frame.indent + right_aligned(label, label_columns) + " |" + row + "\n";
  }
  return text;
}

}  // namespace soak::report
