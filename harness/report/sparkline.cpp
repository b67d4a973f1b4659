#include "report/sparkline.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>

#include "base/text.hpp"

namespace soak::report {

namespace {

constexpr std::array<std::string_view, 8> blocks{"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, 8> characters{"_", ".", ",", "-", "~", "=", "*", "#"};

using Reading = std::optional<std::int64_t> record::Checkpoint::*;

std::vector<CurvePoint> curve(const record::Repetition& repetition, Reading reading) {
  std::vector<CurvePoint> points;
  for (const auto& checkpoint : repetition.checkpoints)
    if (checkpoint.*reading) points.emplace_back(checkpoint.iteration, *(checkpoint.*reading));
  return points;
}

/// The highest point in each part of the curve; a part without a point continues the one before.
std::vector<double> heights(const std::vector<CurvePoint>& points, std::size_t columns) {
  std::vector<std::optional<double>> parts(columns);
  const auto first = static_cast<double>(points.front().first);
  const auto length = std::max(1.0, static_cast<double>(points.back().first) - first);
  for (const auto& [iteration, value] : points) {
    const auto at = (static_cast<double>(iteration) - first) / length * static_cast<double>(columns);
    const auto part = static_cast<std::size_t>(std::clamp(at, 0.0, static_cast<double>(columns - 1)));
    parts[part] = std::max(parts[part].value_or(static_cast<double>(value)), static_cast<double>(value));
  }
  std::vector<double> filled;
  double last = static_cast<double>(points.front().second);
  for (const auto& part : parts) filled.push_back(last = part.value_or(last));
  return filled;
}

}  // namespace

std::vector<CurvePoint> heap_curve(const record::Repetition& repetition) {
  auto points = curve(repetition, &record::Checkpoint::heap_bytes);
  return points.empty() ? curve(repetition, &record::Checkpoint::rss_bytes) : points;
}

std::string sparkline(const std::vector<CurvePoint>& points, std::size_t columns, std::int64_t least_span,
                      Glyphs glyphs) {
  if (points.size() < 2 || columns == 0) return {};
  const auto parts = heights(points, columns);
  const auto [low, high] = std::ranges::minmax(parts);
  const auto span = std::max({high - low, static_cast<double>(least_span), 1.0});
  const auto& levels = glyphs == Glyphs::unicode ? blocks : characters;
  std::string line;
  for (const auto height : parts)
    line += levels[std::min(levels.size() - 1,
                            static_cast<std::size_t>((height - low) / span * static_cast<double>(levels.size())))];
  return line;
}

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
    // If there is only one level, it labels the lowest line.
    const bool is_top = y.high > y.low ? i == 0 : i + 1 == rows.size();
    const auto& label = is_top ? top : i + 1 == rows.size() ? bottom : std::string();
    auto& row = rows[i];
    row.erase(row.find_last_not_of(' ') + 1);
    text += frame.indent + right_aligned(label, label_columns) + " |" + row + "\n";
  }
  return text;
}

}  // namespace soak::report
