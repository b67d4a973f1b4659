#include "report/terminal.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sparkline.hpp"
#include "report/words.hpp"

namespace soak::report {

namespace {

using verdict::RunVerdict;

// Notes stand beside the figures, passed or not.
std::string render_notes(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    for (const auto& note : scenario.notes)
      text += fmt::format("note: {}: {}\n", sanitize(scenario.name), sanitize(note));
  return text.empty() ? "" : "\n" + text;
}

// A pass claims no more than could have been detected.
std::string render_sensitivity(const RunVerdict& run) {
  std::optional<double> an_iteration, a_second;
  for (const auto& scenario : run.scenarios)
    if (const auto& seen = scenario.smallest_leak_seen_bytes_per_iteration) {
      auto& bytes = scenario.is_over_time ? a_second : an_iteration;
      bytes = std::max(bytes.value_or(*seen), *seen);
    }
  std::string text;
  for (const auto& [bytes, unit] : {std::pair(an_iteration, "iteration"), std::pair(a_second, "second")})
    if (bytes)
      text += fmt::format("where passed, a leak of {} per {} would have shown\n", format_bytes(*bytes), unit);
  return text;
}

std::string render_times_beside_others(const RunVerdict& run) {
  return run.jobs > 1 ? fmt::format("times were taken with {} scenarios running at a time\n", run.jobs) : "";
}

std::string render_cut_off(const RunVerdict& run) {
  if (run.completed) return {};
  std::string names;
  for (const auto& scenario : run.scenarios)
    if (!scenario.run_to_its_end) names += (names.empty() ? "" : ", ") + sanitize(scenario.name);
  return names.empty() ? "the run did not complete, so it does not pass\n"
                       : fmt::format("the run did not complete; not run to the end: {}\n", names);
}

std::string render_dropped(const RunVerdict& run) {
  std::string text;
  for (const auto& scenario : run.scenarios)
    if (scenario.checkpoints_dropped > 0)
      text += fmt::format("{}: {} labelled checkpoint{} more than can be kept; dropped\n", sanitize(scenario.name),
                          scenario.checkpoints_dropped, scenario.checkpoints_dropped == 1 ? "" : "s");
  return text;
}

std::string render_unchecked_tables(const RunVerdict& run) {
  if (run.tables_checked) return {};
  return "not checked: whether the configuration's scenario tables name scenarios that exist; this record does not "
         "list them\n";
}

}  // namespace

std::string render_terminal(const Subject& subject, const TerminalStyle& style, Detail detail) {
  const auto& run = subject.verdict;
  std::string text = run.scenarios.empty() ? "" : render_table(subject, style);
  text += render_stories(subject, style, detail) + render_notes(run);
  if (!run.scenarios.empty()) text += "\n";
  text += in_color_of(run.verdict, counts_of(run), style) + "\n";
  return text + render_sensitivity(run) + render_times_beside_others(run) + render_dropped(run) +
         render_unchecked_tables(run) + render_cut_off(run);
}

namespace {

using verdict::ScenarioVerdict;
using verdict::Verdict;

constexpr std::string_view not_measured = "-";
constexpr std::string_view gap = "  ";
constexpr std::size_t narrowest_name = 16;
constexpr std::size_t curve_columns = 12;

/// The cells of one line. Name, verdict and curve are aligned to the left, figures to the right.
using Line = std::vector<std::string>;

/// The columns that the table has room for.
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

/// Left out if it is noise or rounding: at a glance that would look like a leak.
std::string heap_growth(const ScenarioVerdict& scenario) {
  const auto& growth = scenario.heap_growth_bytes_per_iteration;
  const bool only_noise = scenario.verdict == Verdict::pass && scenario.heap_growth_is_noise;
  return growth && *growth != 0 && only_noise ? "~0 B" : bytes_or_dash(growth);
}

/// Changes of a passing scenario's heap up to this do not fill the height of its curve.
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
  Line line{sanitize(verdict.name), words(verdict.verdict)};
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

/// Columns are as wide as their widest cell; names have the rest of the terminal.
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
  // Names are cut last: benchmarks.toml has the limits, and the report has the curves.
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

namespace {

using verdict::Finding;
using verdict::SiteGrowth;
using verdict::Verdict;

constexpr std::size_t sites_in_a_summary = 3;
constexpr std::size_t last_words_lines = 5;

std::string stack_text(const Subject& subject, const record::CallSite& site) {
  std::string text;
  for (const auto& frame : site.stack) {
    const auto name = frame.function.empty() ? std::string("(no name)") : sanitize(frame.function);
    text += fmt::format("               {}  {}\n", name, place_of(subject, frame));
  }
  if (!site.stack.empty() && !site.is_stack_complete)
    text += "               (the stack goes on, but is not known)\n";
  return text;
}

/// How much and where on one line, what on the next, because names can be long.
std::string site_lines(const Subject& subject, const SiteGrowth& growth, const TerminalStyle& style) {
  constexpr std::size_t indent = 11, narrowest = 40;
  const auto width = std::max(narrowest, static_cast<std::size_t>(std::max(style.width, 0)) - indent);
  auto what = function_of(growth.site);
  if (!growth.site.type.empty()) what += ": " + sanitize(growth.site.type);
  return fmt::format("    {:>5}  {}, {}\n           {}\n", share_of(growth), place_of(subject, growth.site),
                     rate_of(growth), shortened(what, width));
}

std::string where(const Subject& subject, const std::vector<SiteGrowth>& sites, const TerminalStyle& style,
                  Detail detail) {
  std::string text;
  const auto shown = detail == Detail::full ? sites.size() : std::min(sites.size(), sites_in_a_summary);
  for (const auto& growth : std::span(sites).first(shown)) {
    text += site_lines(subject, growth, style);
    if (detail == Detail::full) text += stack_text(subject, growth.site);
  }
  const auto left = sites.size() - shown;
  if (left > 0) text += fmt::format("           and {} more call site{}\n", left, left == 1 ? "" : "s");
  return text;
}

std::string caches(const Subject& subject, const std::vector<SiteGrowth>& sites, Detail detail) {
  if (sites.empty()) return {};
  auto text = fmt::format("    filled and stopped, no suspects: {} call site{}\n", sites.size(),
                          sites.size() == 1 ? "" : "s");
  if (detail == Detail::full)
    for (const auto& growth : sites)
      text += fmt::format("           {}  {}\n", function_of(growth.site), place_of(subject, growth.site));
  return text;
}

std::string finding_text(const Subject& subject, const Finding& finding, const TerminalStyle& style, Detail detail) {
  auto text = fmt::format("  {}\n", message_of(finding));
  text += where(subject, finding.sites, style, detail);
  text += caches(subject, finding.caches, detail);
  if (!finding.sites_note.empty()) text += fmt::format("    {}\n", sanitize(finding.sites_note));
  if (!finding.likely_cause.empty()) text += fmt::format("    likely cause: {}\n", sanitize(finding.likely_cause));
  return text;
}

/// The last output of a process that died, which explains more than its signal.
std::string last_words(const record::Scenario& scenario) {
  const auto died = std::ranges::find_if(scenario.repetitions, [](const record::Repetition& repetition) {
    return repetition.ending != record::Ending::finished && !repetition.output_tail.empty();
  });
  if (died == scenario.repetitions.end()) return {};
  std::vector<std::string_view> lines;
  std::string_view rest = died->output_tail;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('\n'), rest.size());
    if (end > 0) lines.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::string text;
  const auto skipped = lines.size() - std::min(lines.size(), last_words_lines);
  for (const auto line : std::span(lines).subspan(skipped)) text += fmt::format("    | {}\n", sanitize(line));
  return text;
}

std::string commands(const Subject& subject, const verdict::ScenarioVerdict& scenario, Detail detail) {
  std::string text;
  const auto explained = std::ranges::any_of(
      scenario.findings, [](const Finding& finding) { return finding.sites.size() + finding.caches.size() > 0; });
  if (!scenario.rerun_command.empty()) text += fmt::format("  run it again: {}\n", sanitize(scenario.rerun_command));
  if (const auto command = show_command(subject, scenario.name);
      explained && detail == Detail::summary && !command.empty())
    text += fmt::format("  see stacks:   {}\n", sanitize(command));
  return text;
}

std::string story(const Subject& subject, const JudgedScenario& scenario, const TerminalStyle& style, Detail detail) {
  const auto& verdict = scenario.verdict;
  auto text =
      fmt::format("\n{}  {}", in_color_of(verdict.verdict, words(verdict.verdict), style), sanitize(verdict.name));
  if (verdict.severity != config::Severity::none) text += fmt::format("  ({})", verdict::to_string(verdict.severity));
  text += "\n";
  for (const auto& finding : verdict.findings) text += finding_text(subject, finding, style, detail);
  if (!verdict.not_explained.empty()) text += fmt::format("  not explained: {}\n", sanitize(verdict.not_explained));
  if (const auto trouble = time_to_trouble(verdict); !trouble.empty())
    text += fmt::format("  at this rate: {}\n", trouble);
  return text + last_words(scenario.record) + commands(subject, verdict, detail);
}

}  // namespace

std::string render_stories(const Subject& subject, const TerminalStyle& style, Detail detail) {
  std::string text;
  for (const auto& scenario : by_urgency(scenarios_of(subject)))
    if (scenario.verdict.verdict != Verdict::pass || !scenario.verdict.findings.empty())
      text += story(subject, scenario, style, detail);
  return text;
}

}  // namespace soak::report
