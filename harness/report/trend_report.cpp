#include "report/trend_report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/comparison_report.hpp"
#include "report/sparkline.hpp"

namespace soak::report {

namespace {

using history::ChangePoint;
using history::MetricTrend;
using history::Trend;
using history::TrendPoint;

constexpr std::size_t most_lines = 40;

std::string short_of(const std::string& commit) { return sanitize(commit.substr(0, 12)); }

std::string certainty(const ChangePoint& change) {
  return change.p_value ? fmt::format("p {:.1g}", *change.p_value) : "exact";
}

std::string render_change(const MetricTrend& trend, const ChangePoint& change, const TerminalStyle& style) {
  const auto percent =
      change.before != 0 ? fmt::format(" ({:+.1f} %)", (change.after / change.before - 1) * 100) : std::string();
  const auto commits = change.commits == 1 ? fmt::format("at {}", short_of(change.first_new))
                                           : fmt::format("in {} commits, {}..{}", change.commits,
                                                         short_of(change.last_old), short_of(change.first_new));
  auto text = fmt::format("  {} {}: {} -> {}{}, {}\n    {}\n",
                          colored(change.is_worse ? "worse" : "better", change.is_worse ? "1;31" : "32", style),
                          commits, figure_text(change.before, trend.unit), figure_text(change.after, trend.unit),
                          percent, certainty(change), sanitize(trend.points[change.index].subject));
  if (!change.machine_change.empty()) text += fmt::format("    there also {}\n", sanitize(change.machine_change));
  if (change.commits > 1)
    text += fmt::format("    soak bisect {} {} --scenario '{}' --metric {}\n", short_of(change.last_old),
                        short_of(change.first_new), sanitize(trend.scenario), trend.metric);
  return text;
}

std::string render_changes(const MetricTrend& trend, const TerminalStyle& style) {
  std::string text;
  for (const auto& change : trend.changes) text += render_change(trend, change, style);
  return text;
}

bool is_first_of_level(const MetricTrend& trend, std::size_t index) {
  return std::ranges::count(trend.changes, index, &ChangePoint::index) > 0;
}

std::string render_points(const MetricTrend& trend, const TerminalStyle& style) {
  const auto& points = trend.points;
  const auto begin = points.size() > most_lines ? points.size() - most_lines : 0;
  std::string text = begin > 0 ? fmt::format("  ... {} older commits\n", begin) : "";
  for (std::size_t i = begin; i < points.size(); ++i) {
    const auto subject_columns = static_cast<std::size_t>(std::max(style.width - 46, 10));
    text +=
        fmt::format("{} {}  {}  {:>10}  {}\n", is_first_of_level(trend, i) ? ">" : " ", short_of(points[i].commit),
                    sanitize(points[i].started_at.substr(0, 16)), figure_text(points[i].value, trend.unit),
                    shortened(sanitize(points[i].subject), subject_columns));
  }
  return text;
}

std::string render_plot(const MetricTrend& trend, const TerminalStyle& style) {
  PlotCurve curve{.mark = '*', .points = {}};
  for (std::size_t i = 0; i < trend.points.size(); ++i)
    curve.points.emplace_back(static_cast<double>(i), trend.points[i].value);
  const PlotFrame frame{.columns = static_cast<std::size_t>(std::clamp(style.width - 16, 20, 100)),
                        .rows = 10,
                        .format_y = [unit = trend.unit](double y) { return figure_text(y, unit); },
                        .indent = "  "};
  return plot({curve}, frame);
}

std::string title_of(const MetricTrend& trend) {
  return fmt::format("{}  {}  ({} commits{})", sanitize(trend.scenario), trend.metric, trend.points.size(),
                     trend.is_exact ? ", exact" : "");
}

std::string render_whole(const MetricTrend& trend, const TerminalStyle& style) {
  return title_of(trend) + "\n\n" + render_plot(trend, style) + "\n" + render_points(trend, style) + "\n" +
         (trend.changes.empty() ? "  no change\n" : render_changes(trend, style));
}

std::string render_row(const MetricTrend& trend, std::size_t name_columns, const TerminalStyle& style) {
  const auto& points = trend.points;
  const auto changes = trend.changes.empty()
                           ? std::string("no change")
                           : fmt::format("{} change{}", trend.changes.size(), trend.changes.size() == 1 ? "" : "s");
  return fmt::format("{}  {:<32}{:>10} -> {:>10}  {}\n",
                     left_aligned(shortened(sanitize(trend.scenario), name_columns), name_columns), trend.metric,
                     figure_text(points.front().value, trend.unit), figure_text(points.back().value, trend.unit),
                     trend.changes.empty() ? changes : colored(changes, "33", style));
}

std::string render_table(const Trend& trend, const TerminalStyle& style) {
  std::size_t columns = 8;
  for (const auto& metric : trend.metrics) columns = std::max(columns, columns_of(sanitize(metric.scenario)));
  columns = std::min<std::size_t>(columns, static_cast<std::size_t>(std::max(style.width - 72, 16)));
  std::string text;
  for (const auto& metric : trend.metrics) text += render_row(metric, columns, style);
  for (const auto& metric : trend.metrics)
    if (!metric.changes.empty()) text += "\n" + title_of(metric) + "\n" + render_changes(metric, style);
  return text;
}

}  // namespace

std::string trend_text(const Trend& trend, const TerminalStyle& style) {
  std::string text;
  if (trend.metrics.empty()) text = "no commit behind HEAD has a run with it\n";
  if (trend.metrics.size() == 1) text = render_whole(trend.metrics.front(), style);
  if (trend.metrics.size() > 1) text = render_table(trend, style);
  for (const auto& note : trend.notes) text += sanitize(note) + "\n";
  return text;
}

}  // namespace soak::report
