#include "report/ci_reports.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <pugixml.hpp>
#include <sstream>

#include "base/text.hpp"
#include "report/json_text.hpp"
#include "report/openmetrics.hpp"
#include "report/sarif.hpp"
#include "report/words.hpp"

namespace soak::report {

namespace {

using verdict::Verdict;

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name) = sanitize(value, any_length).c_str();
}

/// A finding is a failure in JUnit's words; what could not be measured or decided is an error.
bool is_failure(Verdict verdict) { return verdict == Verdict::leak || verdict == Verdict::over_threshold; }

/// The first reason that counts.
std::string headline_of(const verdict::ScenarioVerdict& scenario) {
  for (const auto& finding : scenario.findings)
    if (!finding.waived) return finding.message;
  return words(scenario.verdict);
}

/// Adds the text line by line, because pugixml escapes line ends within one text.
std::string body_of(const Subject& subject, const verdict::ScenarioVerdict& scenario) {
  std::string text;
  for (const auto& finding : scenario.findings) {
    text += message_of(finding) + "\n";
    for (const auto& growth : finding.sites)
      text += fmt::format("  {} {} {} {}\n", share_of(growth), function_of(growth.site),
                          place_of(subject, growth.site), rate_of(growth));
    if (!finding.sites_note.empty()) text += fmt::format("  {}\n", sanitize(finding.sites_note));
    if (!finding.likely_cause.empty()) text += fmt::format("  likely cause: {}\n", sanitize(finding.likely_cause));
  }
  if (!scenario.rerun_command.empty())
    text += fmt::format("run it again: {}\n", sanitize(scenario.rerun_command, any_length));
  return text;
}

/// Jenkins takes up to three digits before the point and separators after them.
std::string seconds_text(double seconds) {
  if (!std::isfinite(seconds) || seconds < 0) return "0.000";
  const auto whole = std::floor(std::min(seconds, 1e12));
  return with_separators(static_cast<std::int64_t>(whole)) +
         fmt::format("{:.3f}", std::min(seconds, 1e12) - whole).substr(1);
}

double seconds_of(const record::Scenario& scenario) {
  double seconds = 0;
  for (const auto& repetition : scenario.repetitions) seconds += repetition.wall_seconds;
  return seconds;
}

void add_properties(pugi::xml_node suite, const verdict::ScenarioVerdict& scenario) {
  auto properties = suite.append_child("properties");
  const auto add = [&properties](const std::string& name, const std::string& value) {
    auto property = properties.append_child("property");
    set(property, "name", name);
    set(property, "value", value);
  };
  add("verdict", to_string(scenario.verdict));
  add("severity", verdict::to_string(scenario.severity));
  for (const auto& metric : metrics_of(scenario))
    if (metric.value) add(std::string(metric.name), number_text(*metric.value));
}

void add_case(pugi::xml_node suite, const Subject& subject, const JudgedScenario& scenario) {
  const auto& verdict = scenario.verdict;
  auto test = suite.append_child("testcase");
  set(test, "name", verdict.name);
  set(test, "classname", "soak." + verdict.name.substr(0, verdict.name.find('/')));
  set(test, "time", seconds_text(seconds_of(scenario.record)));
  if (verdict.verdict == Verdict::pass) return;
  auto outcome = test.append_child(is_failure(verdict.verdict) ? "failure" : "error");
  set(outcome, "type", to_string(verdict.verdict));
  set(outcome, "message", headline_of(verdict));
  outcome.append_child(pugi::node_pcdata).set_value(body_of(subject, verdict).c_str());
}

void add_suite(pugi::xml_node suites, const Subject& subject, const JudgedScenario& scenario) {
  const auto& verdict = scenario.verdict;
  const bool failed = is_failure(verdict.verdict), passed = verdict.verdict == Verdict::pass;
  auto suite = suites.append_child("testsuite");
  set(suite, "name", verdict.name);
  set(suite, "tests", "1");
  set(suite, "failures", failed ? "1" : "0");
  set(suite, "errors", failed || passed ? "0" : "1");
  set(suite, "time", seconds_text(seconds_of(scenario.record)));
  if (!subject.run.started_at.empty()) set(suite, "timestamp", subject.run.started_at);
  add_properties(suite, verdict);
  add_case(suite, subject, scenario);
}

/// A run that ended early fails even if everything it measured passed.
void add_incomplete_run(pugi::xml_node suites) {
  auto suite = suites.append_child("testsuite");
  set(suite, "name", "soak run");
  for (const auto* const name : {"tests", "errors"}) set(suite, name, "1");
  set(suite, "failures", "0");
  auto test = suite.append_child("testcase");
  set(test, "name", "completed");
  set(test, "classname", "soak");
  auto outcome = test.append_child("error");
  set(outcome, "type", "error");
  set(outcome, "message", "the run did not complete, so it does not pass");
}

}  // namespace

std::string render_junit(const Subject& subject) {
  pugi::xml_document document;
  auto declaration = document.append_child(pugi::node_declaration);
  declaration.append_attribute("version") = "1.0";
  declaration.append_attribute("encoding") = "UTF-8";
  auto suites = document.append_child("testsuites");
  const auto scenarios = scenarios_of(subject);
  std::size_t failures = 0, errors = 0;
  for (const auto& scenario : scenarios) {
    const auto verdict = scenario.verdict.verdict;
    failures += is_failure(verdict) ? 1U : 0U;
    errors += is_failure(verdict) || verdict == Verdict::pass ? 0U : 1U;
    add_suite(suites, subject, scenario);
  }
  const std::size_t incomplete = subject.verdict.completed ? 0U : 1U;
  if (incomplete != 0) add_incomplete_run(suites);
  set(suites, "name", "soak");
  set(suites, "tests", fmt::format("{}", scenarios.size() + incomplete));
  set(suites, "failures", fmt::format("{}", failures));
  set(suites, "errors", fmt::format("{}", errors + incomplete));
  std::ostringstream text;
  document.save(text, "  ", pugi::format_default, pugi::encoding_utf8);
  return text.str();
}

// Workflow commands: GitHub shows them at the line in the pull request.

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
  if (!finding.likely_cause.empty()) text += fmt::format("\nlikely cause: {}", sanitize(finding.likely_cause));
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
                     property(sanitize(place.file, any_length)), std::max(place.line, 1),
                     property(fmt::format("soak: {} in {}", words(scenario.verdict), sanitize(scenario.name))),
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

// GitLab shows these in a merge request: findings by line, metrics by name.

namespace {

using config::Severity;

/// The severity in GitLab's words; what failed is never less than minor.
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
  return {
      {"description", fmt::format("{}: {}", sanitize(scenario.name), message_of(finding))},
      {"check_name", fmt::format("soak/{}", finding.kind)},
      {"fingerprint", fingerprint_of(scenario, finding)},
      {"severity", finding.waived ? "info" : severity_of(scenario.severity)},
      {"location", {{"path", sanitize(place.file, any_length)}, {"lines", {{"begin", std::max(place.line, 1)}}}}}};
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

// CTest looks for these in a test's output and sends them to CDash.

namespace {

/// CTest reads these with a regular expression and takes neither quotes nor brackets in a name, escaped or not.
std::string name_text(std::string_view text) {
  auto name = sanitize(text);
  for (auto& character : name)
    if (std::string_view("\"'<>&").find(character) != std::string_view::npos) character = '_';
  return name;
}

std::string measurement(std::string_view type, const std::string& name, const std::string& value) {
  return fmt::format("<CTestMeasurement type=\"{}\" name=\"{}\">{}</CTestMeasurement>\n", type, name, value);
}

}  // namespace

std::string render_ctest(const Subject& subject) {
  std::string text;
  for (const auto& scenario : subject.verdict.scenarios) {
    // A test that soaks one scenario bears its name already.
    const auto prefix = subject.verdict.scenarios.size() > 1 ? name_text(scenario.name) + " " : std::string();
    text += measurement("text/string", prefix + "verdict", words(scenario.verdict));
    for (const auto& metric : metrics_of(scenario))
      if (metric.value)
        text += measurement("numeric/double", prefix + std::string(metric.name), number_text(*metric.value));
  }
  return text;
}

}  // namespace soak::report
