// GitHub's flavour of Markdown: the table, then a section per failure.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/sparkline.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using verdict::Verdict;

/// A comment may have 65,536 characters; a step summary 1 MiB.
constexpr std::size_t most_bytes = 60'000;
constexpr std::size_t most_bytes_of_table = 30'000;
constexpr std::size_t longest_name = 120;
constexpr std::size_t sites_shown = 5;

/// A block of code; its fence is longer than any run of backticks in it.
std::string code(const std::string& text) {
  std::size_t longest = 0, run = 0;
  for (const char character : text) {
    run = character == '`' ? run + 1 : 0;
    longest = std::max(longest, run);
  }
  const std::string fence(longest + 1, '`');
  const auto* const space = longest > 0 ? " " : "";
  return text.empty() ? "" : fence + space + text + space + fence;
}

/// Code in a cell: a pipe would end the cell, even in code.
std::string cell(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    if (character == '|') escaped += '\\';
    escaped += character;
  }
  return escaped;
}

/// Text without any markup.
std::string plain(const std::string& text) {
  std::string escaped;
  for (const char character : text) {
    if (std::string_view("\\`*_[]<|~@&$").find(character) != std::string_view::npos) {
      if (character == '<' || character == '&') {
        escaped += character == '<' ? "&lt;" : "&amp;";
        continue;
      }
      escaped += '\\';
    }
    escaped += character;
  }
  return escaped;
}

std::string bytes_or_dash(const auto& value) {
  return value ? format_bytes(static_cast<double>(*value)) : std::string("-");
}

std::string_view sign_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::pass:
      return "✅";
    case Verdict::leak:
    case Verdict::over_threshold:
      return "❌";
    case Verdict::error:
      return "💥";
    case Verdict::growing:
    case Verdict::inconclusive:
      break;
  }
  return "⚠️";
}

std::string name_of(const verdict::ScenarioVerdict& scenario) {
  return shortened(sanitize(scenario.name), longest_name);
}

std::string row(const JudgedScenario& scenario) {
  constexpr std::size_t columns = 12;
  constexpr std::int64_t page_bytes = 4096;
  const auto& verdict = scenario.verdict;
  const auto* const repetition = drawn_repetition(scenario.record);
  const auto curve = repetition == nullptr
                         ? std::string()
                         : sparkline(heap_curve(*repetition), columns,
                                     verdict.verdict == Verdict::pass ? page_bytes : 1, Glyphs::unicode);
  const auto growth = verdict.verdict == Verdict::pass && verdict.heap_growth_is_noise
                          ? std::string("~0 B")
                          : bytes_or_dash(verdict.heap_growth_bytes_per_iteration);
  return fmt::format("| {} | {} {} | {} | {} | {} / {} | {} / {} |\n", cell(code(name_of(verdict))),
                     sign_of(verdict.verdict), words(verdict.verdict), curve, growth,
                     bytes_or_dash(verdict.rss_growth_bytes), bytes_or_dash(verdict.final_growth_limit_bytes),
                     bytes_or_dash(verdict.rss_peak_growth_bytes), bytes_or_dash(verdict.peak_growth_limit_bytes));
}

std::string table(const std::vector<JudgedScenario>& scenarios) {
  if (scenarios.empty()) return {};
  std::string text =
      "\n| scenario | verdict | heap | heap/iter | RSS growth / limit | peak / limit |\n"
      "|---|---|---|--:|--:|--:|\n";
  std::size_t shown = 0;
  for (; shown < scenarios.size() && text.size() < most_bytes_of_table; ++shown) text += row(scenarios[shown]);
  const auto left = scenarios.size() - shown;
  return text + (left > 0 ? fmt::format("\nand {} more in the report\n", left) : "");
}

std::string sites(const Subject& subject, const verdict::Finding& finding) {
  if (finding.sites.empty()) return {};
  std::string text = "\n  | share | function | where | type | rate |\n  |--:|---|---|---|--:|\n";
  const auto shown = std::min(finding.sites.size(), sites_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& growth = finding.sites[i];
    text += fmt::format("  | {} | {} | {} | {} | {} |\n", cell(share_of(growth)),
                        cell(code(function_of(growth.site))), cell(code(place_of(subject, growth.site))),
                        cell(code(sanitize(growth.site.type))), rate_of(growth));
  }
  const auto left = finding.sites.size() - shown;
  return text + (left > 0 ? fmt::format("\n  and {} more call sites\n", left) : "") + "\n";
}

std::string section(const Subject& subject, const verdict::ScenarioVerdict& scenario) {
  auto text =
      fmt::format("\n### {} {}: {}", sign_of(scenario.verdict), words(scenario.verdict), code(name_of(scenario)));
  if (scenario.severity != config::Severity::none)
    text += fmt::format(" ({})", verdict::to_string(scenario.severity));
  text += "\n\n";
  for (const auto& finding : scenario.findings) {
    text += fmt::format("- {}\n", plain(message_of(finding)));
    if (!finding.likely_cause.empty())
      text += fmt::format("  - likely cause: **{}**\n", plain(sanitize(finding.likely_cause)));
    text += sites(subject, finding);
    if (!finding.sites_note.empty()) text += fmt::format("  - {}\n", plain(sanitize(finding.sites_note)));
  }
  if (!scenario.not_explained.empty())
    text += fmt::format("- not explained: {}\n", plain(sanitize(scenario.not_explained)));
  for (const auto& note : scenario.notes) text += fmt::format("- note: {}\n", plain(sanitize(note)));
  if (const auto trouble = time_to_trouble(scenario); !trouble.empty())
    text += fmt::format("- at this rate: {}\n", trouble);
  if (!scenario.rerun_command.empty())
    text += fmt::format("- run it again: {}\n", code(sanitize(scenario.rerun_command, any_length)));
  return text;
}

std::string foot(const Subject& subject) {
  std::string text;
  if (!subject.verdict.completed) text += "\n**The run did not complete, so it does not pass.**\n";
  const auto& run = subject.run;
  if (run.id.empty()) return text;
  text += fmt::format("\n<sub>run {}", code(sanitize(run.id)));
  if (!run.commit.empty())
    text += fmt::format(", commit {}{}", code(sanitize(run.commit.substr(0, 12))),
                        run.dirty ? " with uncommitted changes" : "");
  return text + "</sub>\n";
}

}  // namespace

std::string render_markdown(const Subject& subject) {
  const auto scenarios = by_urgency(scenarios_of(subject));
  auto text = fmt::format("## {} soak: {}\n", sign_of(subject.verdict.verdict), counts_of(subject.verdict));
  text += table(scenarios);
  std::size_t left_out = 0;
  for (const auto& scenario : scenarios) {
    if (scenario.verdict.verdict == Verdict::pass && scenario.verdict.findings.empty()) continue;
    auto next = section(subject, scenario.verdict);
    if (text.size() + next.size() > most_bytes)
      ++left_out;
    else
      text += next;
  }
  if (left_out > 0) text += fmt::format("\n{} more that did not pass are in the report.\n", left_out);
  return text + foot(subject);
}

}  // namespace soak::report
