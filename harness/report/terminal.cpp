#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "config/units.hpp"
#include "report/text.hpp"

namespace soak::report {
namespace {

using verdict::RunVerdict;
using verdict::ScenarioVerdict;
using verdict::Verdict;

constexpr std::string_view not_measured = "-";
constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest_name = 16;

// Cells of one line: the name first, aligned to the left as the verdict; figures to the right.
using Line = std::array<std::string, 6>;
constexpr std::size_t first_figure = 2;

std::string bytes_or_dash(const auto& value) {
  return value ? config::format_bytes(static_cast<double>(*value)) : std::string(not_measured);
}

std::string against_limit(const std::optional<std::int64_t>& value, const std::optional<std::int64_t>& limit) {
  return limit ? fmt::format("{} / {}", bytes_or_dash(value), bytes_or_dash(limit)) : bytes_or_dash(value);
}

std::string words(Verdict verdict) {
  auto text = to_string(verdict);
  std::ranges::replace(text, '_', ' ');
  return text;
}

// A slope that is noise or rounding would look like a leak at a glance.
std::string heap_growth(const ScenarioVerdict& scenario) {
  const auto& growth = scenario.heap_growth_bytes_per_iteration;
  const bool only_noise = scenario.verdict == Verdict::pass && scenario.heap_growth_is_noise;
  return growth && *growth != 0 && only_noise ? "~0 B" : bytes_or_dash(growth);
}

enum class Limits { shown, left_out };

Line line_of(const ScenarioVerdict& scenario, Limits limits) {
  const auto figure = [limits](const auto& value, const auto& limit) {
    return limits == Limits::shown ? against_limit(value, limit) : bytes_or_dash(value);
  };
  return {harmless(scenario.name),
          words(scenario.verdict),
          heap_growth(scenario),
          figure(scenario.rss_growth_bytes, scenario.final_growth_limit_bytes),
          figure(scenario.rss_peak_growth_bytes, scenario.peak_growth_limit_bytes),
          scenario.iteration_time_ns ? config::format_nanoseconds(*scenario.iteration_time_ns)
                                     : std::string(not_measured)};
}

using Widths = std::array<std::size_t, std::tuple_size_v<Line>>;

// As wide as their widest cell; names have what is left of the terminal.
Widths widths_of(const std::vector<Line>& lines, const TerminalStyle& style) {
  Widths widths{};
  for (const auto& line : lines)
    for (std::size_t i = 0; i < line.size(); ++i) widths[i] = std::max(widths[i], columns_of(line[i]));
  std::size_t others = 0;
  for (std::size_t i = 1; i < widths.size(); ++i) others += gap.size() + widths[i];
  const auto width = static_cast<std::size_t>(std::max(style.width, 0));
  const auto left = std::max(width > others ? width - others : 0, narrowest_name);
  widths[0] = std::min(widths[0], left);
  return widths;
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

std::string colored(std::string_view text, std::string_view color, const TerminalStyle& style) {
  return style.color && !color.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", color, text) : std::string(text);
}

std::string render_line(const Line& line, const Widths& widths, std::string_view color, const TerminalStyle& style) {
  std::string text = left_aligned(shortened(line[0], widths[0]), widths[0]);
  text += gap;
  text += colored(left_aligned(line[1], widths[1]), color, style);
  for (std::size_t i = first_figure; i < line.size(); ++i) {
    text += gap;
    text += right_aligned(line[i], widths[i]);
  }
  return text + "\n";
}

std::vector<Line> lines_of(const RunVerdict& run, Limits limits) {
  std::vector<Line> lines;
  if (limits == Limits::shown)
    lines.push_back({"scenario", "verdict", "heap/iter", "RSS growth / limit", "peak / limit", "time/iter"});
  else
    lines.push_back({"scenario", "verdict", "heap/iter", "RSS growth", "peak", "time/iter"});
  for (const auto& scenario : run.scenarios) lines.push_back(line_of(scenario, limits));
  return lines;
}

bool shortens_names(const std::vector<Line>& lines, const Widths& widths) {
  return std::ranges::any_of(lines, [&](const Line& line) { return columns_of(line[0]) > widths[0]; });
}

// Where the terminal is too narrow for names and limits, names are worth more: benchmarks.toml has the limits.
std::string render_table(const RunVerdict& run, const TerminalStyle& style) {
  auto lines = lines_of(run, Limits::shown);
  if (shortens_names(lines, widths_of(lines, style))) lines = lines_of(run, Limits::left_out);
  const auto widths = widths_of(lines, style);
  auto table = render_line(lines.front(), widths, "", style);
  for (std::size_t i = 0; i < run.scenarios.size(); ++i)
    table += render_line(lines[i + 1], widths, color_of(run.scenarios[i].verdict), style);
  return table;
}

std::string render_finding(const verdict::Finding& finding) {
  if (!finding.waived) return fmt::format("  {}\n", harmless(finding.message));
  return fmt::format("  waived until {}: {}\n    because {}\n", finding.waived->until, harmless(finding.message),
                     harmless(finding.waived->reason));
}

// "at this rate: peak limit after 42 min, memory limit after 3 days"
std::string render_time_to_trouble(const ScenarioVerdict& scenario) {
  std::string text;
  for (const auto& [limit, seconds] :
       {std::pair{"peak limit", scenario.seconds_to_peak_limit}, {"memory limit", scenario.seconds_to_memory_limit}})
    if (seconds)
      text += fmt::format("{}{} {}", text.empty() ? "" : ", ", limit,
                          *seconds > 0 ? "after " + config::format_nanoseconds(*seconds * 1e9) : "exceeded already");
  return text.empty() ? "" : fmt::format("  at this rate: {}\n", text);
}

std::string render_failure(const ScenarioVerdict& scenario, const TerminalStyle& style) {
  auto text = fmt::format("\n{}  {}", colored(words(scenario.verdict), color_of(scenario.verdict), style),
                          harmless(scenario.name));
  if (scenario.severity != config::Severity::none)
    text += fmt::format("  ({})", verdict::to_string(scenario.severity));
  text += "\n";
  for (const auto& finding : scenario.findings) text += render_finding(finding);
  text += render_time_to_trouble(scenario);
  if (!scenario.rerun_command.empty()) text += fmt::format("  run it again: {}\n", harmless(scenario.rerun_command));
  return text;
}

std::string render_failures(const RunVerdict& run, const TerminalStyle& style) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    if (!scenario.findings.empty() || scenario.verdict != Verdict::pass) text += render_failure(scenario, style);
  return text;
}

// What is to be known about figures stands beside them, passed or not.
std::string render_notes(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    for (const auto& note : scenario.notes)
      text += fmt::format("note: {}: {}\n", harmless(scenario.name), harmless(note));
  return text.empty() ? "" : "\n" + text;
}

// "9 passed, 1 leak, 2 errors"
std::string render_counts(const RunVerdict& run) {
  constexpr std::array<std::array<std::string_view, 2>, 6> nouns{{{"passed", "passed"},
                                                                  {"leak", "leaks"},
                                                                  {"over threshold", "over threshold"},
                                                                  {"growing", "growing"},
                                                                  {"inconclusive", "inconclusive"},
                                                                  {"error", "errors"}}};
  std::string text;
  for (std::size_t i = 0; i < nouns.size(); ++i) {
    const auto count = std::ranges::count(run.scenarios, static_cast<Verdict>(i), &ScenarioVerdict::verdict);
    if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, nouns[i][count == 1 ? 0 : 1]);
  }
  return text.empty() ? "nothing was run" : text;
}

// A pass is worth what it could have seen.
std::string render_sensitivity(const RunVerdict& run) {
  std::optional<double> bytes;
  for (const auto& scenario : run.scenarios)
    if (const auto& seen = scenario.smallest_leak_seen_bytes_per_iteration)
      bytes = std::max(bytes.value_or(*seen), *seen);
  if (!bytes) return {};
  return fmt::format("where passed, a leak of {} per iteration would have shown\n", config::format_bytes(*bytes));
}

std::string render_times_beside_others(const RunVerdict& run) {
  return run.jobs > 1 ? fmt::format("times were taken with {} scenarios running at a time\n", run.jobs) : "";
}

std::string render_cut_off(const RunVerdict& run) {
  if (run.completed) return {};
  std::string names;
  for (const auto& scenario : run.scenarios)
    if (!scenario.run_to_its_end) names += (names.empty() ? "" : ", ") + harmless(scenario.name);
  return names.empty() ? "the run did not complete, so it does not pass\n"
                       : fmt::format("the run did not complete; not run to the end: {}\n", names);
}

std::string render_dropped(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    if (scenario.checkpoints_dropped > 0)
      text += fmt::format("{}: {} labelled checkpoint{} more than can be kept; dropped\n", harmless(scenario.name),
                          scenario.checkpoints_dropped, scenario.checkpoints_dropped == 1 ? "" : "s");
  return text;
}

std::string render_unchecked_tables(const RunVerdict& run) {
  if (run.tables_checked) return {};
  return "not checked: whether the configuration's scenario tables name scenarios that exist; this record does not "
         "list them\n";
}

}  // namespace

std::string render_terminal(const RunVerdict& run, const TerminalStyle& style) {
  std::string text = run.scenarios.empty() ? "" : render_table(run, style);
  text += render_failures(run, style) + render_notes(run);
  if (!run.scenarios.empty()) text += "\n";
  text += colored(render_counts(run), color_of(run.verdict), style) + "\n";
  return text + render_sensitivity(run) + render_times_beside_others(run) + render_dropped(run) +
         render_unchecked_tables(run) + render_cut_off(run);
}

}  // namespace soak::report
