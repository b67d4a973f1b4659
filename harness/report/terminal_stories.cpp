#include "report/terminal_stories.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "base/text.hpp"
#include "base/units.hpp"
#include "report/terminal_table.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using verdict::Finding;
using verdict::SiteGrowth;
using verdict::Verdict;

constexpr std::size_t sites_in_a_summary = 3;
constexpr std::size_t last_words_lines = 5;

std::string stack_text(const Subject& subject, const record::CallSite& site) {
  std::string text;
  for (const auto& frame : site.stack) {
    const auto name = frame.function.empty() ? std::string("(no name)") : harmless(frame.function);
    text += fmt::format("               {}  {}\n", name, place_of(subject, frame));
  }
  if (!site.stack.empty() && !site.is_stack_complete)
    text += "               (the stack goes on, but is not known)\n";
  return text;
}

/// How much and where on one line, what on the next: a name may be as long as it likes.
std::string site_lines(const Subject& subject, const SiteGrowth& growth, const TerminalStyle& style) {
  constexpr std::size_t indent = 11, narrowest = 40;
  const auto width = std::max(narrowest, static_cast<std::size_t>(std::max(style.width, 0)) - indent);
  auto what = function_of(growth.site);
  if (!growth.site.type.empty()) what += ": " + harmless(growth.site.type);
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
  if (!finding.sites_note.empty()) text += fmt::format("    {}\n", harmless(finding.sites_note));
  if (!finding.likely_cause.empty()) text += fmt::format("    likely cause: {}\n", harmless(finding.likely_cause));
  return text;
}

/// What a process printed before it died explains more than its signal.
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
  for (const auto line : std::span(lines).subspan(skipped)) text += fmt::format("    | {}\n", harmless(line));
  return text;
}

std::string commands(const Subject& subject, const verdict::ScenarioVerdict& scenario, Detail detail) {
  std::string text;
  const auto explained = std::ranges::any_of(
      scenario.findings, [](const Finding& finding) { return finding.sites.size() + finding.caches.size() > 0; });
  if (!scenario.rerun_command.empty()) text += fmt::format("  run it again: {}\n", harmless(scenario.rerun_command));
  if (const auto command = show_command(subject, scenario.name);
      explained && detail == Detail::summary && !command.empty())
    text += fmt::format("  see stacks:   {}\n", harmless(command));
  return text;
}

std::string story(const Subject& subject, const JudgedScenario& scenario, const TerminalStyle& style, Detail detail) {
  const auto& verdict = scenario.verdict;
  auto text =
      fmt::format("\n{}  {}", in_color_of(verdict.verdict, words(verdict.verdict), style), harmless(verdict.name));
  if (verdict.severity != config::Severity::none) text += fmt::format("  ({})", verdict::to_string(verdict.severity));
  text += "\n";
  for (const auto& finding : verdict.findings) text += finding_text(subject, finding, style, detail);
  if (!verdict.not_explained.empty()) text += fmt::format("  not explained: {}\n", harmless(verdict.not_explained));
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
