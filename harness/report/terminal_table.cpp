#include "report/terminal_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sparkline.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using verdict::ScenarioVerdict;
using verdict::Verdict;

constexpr std::string_view not_measured = "-";
constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest_name = 16;
constexpr std::size_t curve_columns = 12;

/// Cells of one line: the name first, aligned to the left as verdict and curve; figures to the right.
using Line = std::vector<std::string>;

/// What the table has room for.
struct Columns {
  bool limits = true, curve = true;

  [[nodiscard]] std::size_t first_figure() const { return curve ? 3 : 2; }
};

std::string bytes_or_dash(const auto& value) {
  return value ? format_bytes(static_cast<double>(*value)) : std::string(not_measured);
}

std::string against_limit(const std::optional<std::int64_t>& value, const std::optional<std::int64_t>& limit) {
  return limit ? fmt::format("{} / {}", bytes_or_dash(value), bytes_or_dash(limit)) : bytes_or_dash(value);
}

/// A slope that is noise or rounding would look like a leak at a glance.
std::string heap_growth(const ScenarioVerdict& scenario) {
  const auto& growth = scenario.heap_growth_bytes_per_iteration;
  const bool only_noise = scenario.verdict == Verdict::pass && scenario.heap_growth_is_noise;
  return growth && *growth != 0 && only_noise ? "~0 B" : bytes_or_dash(growth);
}

/// So much of a passing scenario's heap may come and go without looking like a mountain.
std::int64_t least_span(const JudgedScenario& scenario, const std::vector<CurvePoint>& points) {
  constexpr std::int64_t page_bytes = 4096, part_of_the_whole = 200;
  if (scenario.verdict.verdict != Verdict::pass) return 1;
  std::int64_t highest = 0;
  for (const auto& [iteration, value] : points) highest = std::max(highest, value);
  return std::max(page_bytes, highest / part_of_the_whole);
}

std::string curve_of(const JudgedScenario& scenario, const TerminalStyle& style) {
  const auto* const repetition = drawn_repetition(scenario.record);
  if (repetition == nullptr) return {};
  const auto points = heap_curve(*repetition);
  return sparkline(points, curve_columns, least_span(scenario, points),
                   style.unicode ? Glyphs::unicode : Glyphs::ascii);
}

Line line_of(const JudgedScenario& scenario, const TerminalStyle& style, const Columns& columns) {
  const auto& verdict = scenario.verdict;
  const auto figure = [&columns](const auto& value, const auto& limit) {
    return columns.limits ? against_limit(value, limit) : bytes_or_dash(value);
  };
  Line line{harmless(verdict.name), words(verdict.verdict)};
  if (columns.curve) line.push_back(curve_of(scenario, style));
  line.push_back(heap_growth(verdict));
  line.push_back(figure(verdict.rss_growth_bytes, verdict.final_growth_limit_bytes));
  line.push_back(figure(verdict.rss_peak_growth_bytes, verdict.peak_growth_limit_bytes));
  line.push_back(verdict.iteration_time_ns ? format_nanoseconds(*verdict.iteration_time_ns)
                                           : std::string(not_measured));
  return line;
}

Line head_of(const Columns& columns) {
  Line line{"scenario", "verdict"};
  if (columns.curve) line.emplace_back("heap");
  line.emplace_back("heap/iter");
  line.emplace_back(columns.limits ? "RSS growth / limit" : "RSS growth");
  line.emplace_back(columns.limits ? "peak / limit" : "peak");
  line.emplace_back("time/iter");
  return line;
}

std::vector<Line> lines_of(const Subject& subject, const TerminalStyle& style, const Columns& columns) {
  std::vector<Line> lines{head_of(columns)};
  for (const auto& scenario : scenarios_of(subject)) lines.push_back(line_of(scenario, style, columns));
  return lines;
}

using Widths = std::vector<std::size_t>;

/// As wide as their widest cell; names have what is left of the terminal.
Widths widths_of(const std::vector<Line>& lines, const TerminalStyle& style) {
  Widths widths(lines.front().size());
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns_of(line[i]));
  std::size_t others = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) others += gap.size() + widths[i];
  const auto width = static_cast<std::size_t>(std::max(style.width, 0));
  const auto left = std::max(width > others ? width - others : 0, narrowest_name);
  widths[0] = std::min(widths[0], left);
  return widths;
}

bool fits(const std::vector<Line>& lines, const TerminalStyle& style) {
  const auto widths = widths_of(lines, style);
  const auto total = std::accumulate(widths.begin(), widths.end(), gap.size() * (widths.size() - 1));
  return total <= static_cast<std::size_t>(std::max(style.width, 0)) &&
         std::ranges::none_of(lines, [&](const Line& line) { return columns_of(line[0]) > widths[0]; });
}

std::string render_line(const Line& line, const Widths& widths, const std::string& verdict,
                        std::size_t first_figure) {
  std::string text = left_aligned(shortened(line[0], widths[0]), widths[0]);
  text += gap;
  text += verdict;
  for (std::size_t i = 2; i < line.size(); ++i) {
    text += gap;
    text += i < first_figure ? left_aligned(line[i], widths[i]) : right_aligned(line[i], widths[i]);
  }
  return text + "\n";
}

std::string_view color_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "32";  // green
    case Verdict::leak:
    case Verdict::over_threshold:
      return "1;31";  // bold red
    case Verdict::error:
      return "1;35";  // bold magenta
    case Verdict::growing:
    case Verdict::inconclusive:
      break;
  }
  return "33";  // yellow
}

}  // namespace

std::string in_color_of(Verdict verdict, std::string_view text, const TerminalStyle& style) {
  return colored(text, color_of(verdict), style);
}

std::string render_table(const Subject& subject, const TerminalStyle& style) {
  Columns columns;
  auto lines = lines_of(subject, style, columns);
  // benchmarks.toml has the limits, and the report the curves; a name cut in half is nowhere else.
  for (auto* const column : {&columns.limits, &columns.curve}) {
    if (fits(lines, style)) break;
    *column = false;
    lines = lines_of(subject, style, columns);
  }
  const auto widths = widths_of(lines, style);
  auto table = render_line(lines[0], widths, left_aligned(lines[0][1], widths[1]), columns.first_figure());
  for (std::size_t i = 1; i < lines.size(); ++i) {
    const auto verdict = subject.verdict.scenarios[i - 1].verdict;
    table += render_line(lines[i], widths, in_color_of(verdict, left_aligned(lines[i][1], widths[1]), style),
                         columns.first_figure());
  }
  return table;
}

}  // namespace soak::report
