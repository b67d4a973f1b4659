// Workflow commands: GitHub shows them at the line in the pull request.
#include <fmt/format.h>

#include "base/text.hpp"
#include "report/formats.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using verdict::Verdict;

std::string escaped(std::string_view text, std::string_view special) {
  std::string result;
  for (const char character : text)
    if (special.find(character) != std::string_view::npos)
      result += fmt::format("%{:02X}", static_cast<unsigned char>(character));
    else
      result += character;
  return result;
}

std::string message(std::string_view text) { return escaped(text, "%\r\n"); }
std::string property(std::string_view text) { return escaped(text, "%\r\n:,"); }

std::string text_of(const Subject& subject, const verdict::Finding& finding) {
  auto text = message_of(finding);
  for (const auto& growth : finding.sites)
    text += fmt::format("\n{} {} {}", share_of(growth), function_of(growth.site), place_of(subject, growth.site));
  if (!finding.likely_cause.empty()) text += fmt::format("\nlikely cause: {}", harmless(finding.likely_cause));
  return text;
}

std::string_view level_of(const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding) {
  if (finding.waived) return "notice";
  return scenario.verdict == Verdict::leak || scenario.verdict == Verdict::over_threshold ? "error" : "warning";
}

std::string annotation(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                       const verdict::Finding& finding) {
  const auto place = place_of(subject, scenario, finding);
  return fmt::format("::{} file={},line={},title={}::{}\n", level_of(scenario, finding),
                     property(harmless_whole(place.file)), std::max(place.line, 1),
                     property(fmt::format("soak: {} in {}", words(scenario.verdict), harmless(scenario.name))),
                     message(text_of(subject, finding)));
}

}  // namespace

std::string render_github(const Subject& subject) {
  std::string text;
  for (const auto& scenario : by_urgency(scenarios_of(subject)))
    for (const auto& finding : scenario.verdict.findings) text += annotation(subject, scenario.verdict, finding);
  if (!subject.verdict.completed) text += "::warning title=soak::the run did not complete, so it does not pass\n";
  return text;
}

}  // namespace soak::report
