#include <algorithm>

#include "base/text.hpp"
#include "report/html_data.hpp"
#include "report/html_findings.hpp"
#include "report/sparkline.hpp"
#include "report/words.hpp"

namespace soak::report {
namespace {

constexpr std::size_t sites_in_a_story = 3;

Json curve_json(const record::Scenario& scenario) {
  auto points = Json::array();
  if (const auto* const repetition = drawn_repetition(scenario))
    for (const auto& [iteration, bytes] : heap_curve(*repetition)) points.push_back({iteration, bytes});
  return points;
}

Json notes_of(const verdict::ScenarioVerdict& scenario) {
  auto notes = Json::array();
  if (!scenario.not_explained.empty()) notes.push_back("not explained: " + harmless(scenario.not_explained));
  for (const auto& note : scenario.notes) notes.push_back(harmless(note));
  return notes;
}

Json scenario_json(const Subject& subject, const JudgedScenario& scenario) {
  const auto& verdict = scenario.verdict;
  return {{"name", harmless(verdict.name)},
          {"verdict", to_string(verdict.verdict)},
          {"severity", verdict::to_string(verdict.severity)},
          {"iterations", number_or_null(verdict.iterations)},
          {"isOverTime", verdict.is_over_time},
          {"heapPerIteration", number_or_null(verdict.heap_growth_bytes_per_iteration)},
          {"heapIsNoise", verdict.heap_growth_is_noise},
          {"heapLimit", number_or_null(verdict.heap_growth_limit_bytes_per_iteration)},
          {"smallestLeak", number_or_null(verdict.smallest_leak_seen_bytes_per_iteration)},
          {"rss", number_or_null(verdict.rss_growth_bytes)},
          {"rssLimit", number_or_null(verdict.final_growth_limit_bytes)},
          {"peak", number_or_null(verdict.rss_peak_growth_bytes)},
          {"peakLimit", number_or_null(verdict.peak_growth_limit_bytes)},
          {"timeNs", number_or_null(verdict.iteration_time_ns)},
          {"curve", curve_json(scenario.record)},
          {"findings", findings_json(subject, verdict, sites_in_a_story)},
          {"notes", notes_of(verdict)},
          {"trouble", time_to_trouble(verdict)},
          {"rerun", harmless_whole(verdict.rerun_command)}};
}

/// Numbers of the scenarios, what needs attention first.
Json urgent_json(const Subject& subject, const std::vector<JudgedScenario>& scenarios) {
  auto order = Json::array();
  for (const auto& scenario : by_urgency(scenarios))
    order.push_back(&scenario.verdict - subject.verdict.scenarios.data());
  return order;
}

std::optional<double> smallest_leak(const verdict::RunVerdict& run) {
  std::optional<double> bytes;
  for (const auto& scenario : run.scenarios)
    if (const auto& seen = scenario.smallest_leak_seen_bytes_per_iteration; seen && !scenario.is_over_time)
      bytes = std::max(bytes.value_or(*seen), *seen);
  return bytes;
}

Json fingerprint_json(const record::Fingerprint& fingerprint) {
  auto json = Json::object();
  for (const auto& [key, value] : fingerprint) json[harmless(key)] = harmless(value);
  return json;
}

}  // namespace

Json overview_json(const Subject& subject) {
  const auto scenarios = scenarios_of(subject);
  auto list = Json::array();
  for (const auto& scenario : scenarios) list.push_back(scenario_json(subject, scenario));
  const auto& run = subject.run;
  return {{"id", harmless(run.id)},
          {"startedAt", harmless(run.started_at)},
          {"commit", harmless(run.commit)},
          {"dirty", run.dirty},
          {"completed", subject.verdict.completed},
          {"verdict", to_string(subject.verdict.verdict)},
          {"counts", counts_of(subject.verdict)},
          {"smallestLeak", number_or_null(smallest_leak(subject.verdict))},
          {"fingerprint", fingerprint_json(run.fingerprint)},
          {"urgent", urgent_json(subject, scenarios)},
          {"scenarios", list}};
}

}  // namespace soak::report
