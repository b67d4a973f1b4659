#include "report/subject.hpp"

#include <algorithm>
#include <array>

#include "base/files.hpp"

namespace soak::report {
namespace {

using verdict::Verdict;

const record::Scenario& scenario_without_data() {
  static const record::Scenario nothing;
  return nothing;
}

const record::Scenario& record_of(const record::Run& run, const verdict::ScenarioVerdict& verdict,
                                  std::size_t index) {
  if (index < run.scenarios.size() && run.scenarios[index].name == verdict.name) return run.scenarios[index];
  const auto found = std::ranges::find(run.scenarios, verdict.name, &record::Scenario::name);
  return found == run.scenarios.end() ? scenario_without_data() : *found;
}

std::size_t urgency(Verdict verdict) {
  constexpr std::array order{Verdict::leak,    Verdict::over_threshold, Verdict::error,
                             Verdict::growing, Verdict::inconclusive,   Verdict::pass};
  return static_cast<std::size_t>(std::ranges::find(order, verdict) - order.begin());
}

}  // namespace

std::vector<JudgedScenario> scenarios_of(const Subject& subject) {
  std::vector<JudgedScenario> scenarios;
  const auto& verdicts = subject.verdict.scenarios;
  for (std::size_t i = 0; i < verdicts.size(); ++i)
    scenarios.push_back({record_of(subject.run, verdicts[i], i), verdicts[i]});
  return scenarios;
}

std::vector<JudgedScenario> by_urgency(std::vector<JudgedScenario> scenarios) {
  std::vector<std::size_t> order(scenarios.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::ranges::stable_sort(order, [&](std::size_t left, std::size_t right) {
    const auto& a = scenarios[left].verdict;
    const auto& b = scenarios[right].verdict;
    if (a.verdict != b.verdict) return urgency(a.verdict) < urgency(b.verdict);
    return a.severity > b.severity;
  });
  std::vector<JudgedScenario> sorted;
  for (const auto index : order) sorted.push_back(scenarios[index]);
  return sorted;
}

const record::Repetition* drawn_repetition(const record::Scenario& scenario) {
  const auto most = std::ranges::max_element(
      scenario.repetitions, {}, [](const record::Repetition& repetition) { return repetition.checkpoints.size(); });
  return most == scenario.repetitions.end() ? nullptr : &*most;
}

std::string shown_file(const Subject& subject, std::string_view file) {
  return relative_file(subject.source_folder, file);
}

SourceLine place_of(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                    const verdict::Finding& finding) {
  for (const auto& growth : finding.sites)
    if (!growth.site.file.empty() && growth.site.line > 0)
      return {shown_file(subject, growth.site.file), growth.site.line};
  const auto configured = subject.scenario_places.find(scenario.name);
  return configured == subject.scenario_places.end() ? subject.default_place : configured->second;
}

}  // namespace soak::report
