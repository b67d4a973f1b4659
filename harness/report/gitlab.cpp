// GitLab shows these in a merge request: findings by line, metrics by name.
#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "report/fingerprint.hpp"
#include "report/formats.hpp"
#include "report/json_text.hpp"
#include "report/metrics.hpp"
#include "report/openmetrics_text.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

using config::Severity;

/// In GitLab's words; what failed is never less than minor.
std::string severity_of(Severity severity) {
  switch (severity) {
    case Severity::critical:
      return "blocker";
    case Severity::high:
      return "critical";
    case Severity::medium:
      return "major";
    case Severity::low:
    case Severity::none:
      break;
  }
  return "minor";
}

Json issue_of(const Subject& subject, const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding) {
  const auto place = place_of(subject, scenario, finding);
  return {{"description", fmt::format("{}: {}", harmless(scenario.name), message_of(finding))},
          {"check_name", fmt::format("soak/{}", finding.kind)},
          {"fingerprint", fingerprint_of(scenario, finding)},
          {"severity", finding.waived ? "info" : severity_of(scenario.severity)},
          {"location", {{"path", harmless_whole(place.file)}, {"lines", {{"begin", std::max(place.line, 1)}}}}}};
}

}  // namespace

std::string render_gitlab(const Subject& subject) {
  auto issues = Json::array();
  for (const auto& scenario : by_urgency(scenarios_of(subject)))
    for (const auto& finding : scenario.verdict.findings)
      issues.push_back(issue_of(subject, scenario.verdict, finding));
  return json_text(issues, 2) + "\n";
}

std::string render_gitlab_metrics(const Subject& subject) {
  std::string text;
  for (const auto& scenario : subject.verdict.scenarios)
    for (const auto& metric : metrics_of(scenario))
      if (metric.value)
        text += fmt::format("soak_{}{{scenario=\"{}\"}} {}\n", metric.name, label_value(scenario.name),
                            rounded_text(*metric.value));
  return text;
}

}  // namespace soak::report
