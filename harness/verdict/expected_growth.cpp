// expected_growth: a cache of known size may fill.
#include <algorithm>

#include "verdict/evidence.hpp"

namespace soak::verdict {

namespace {

using record::Repetition;

std::vector<const Repetition*> finished_runs(const record::Scenario& scenario) {
  std::vector<const Repetition*> runs;
  const auto add = [&](const Repetition& repetition) {
    if (repetition.ending == record::Ending::finished) runs.push_back(&repetition);
  };
  for (const auto& repetition : scenario.repetitions) add(repetition);
  for (const auto& scaled : scenario.scaled_runs) add(scaled.repetition);
  return runs;
}

std::int64_t largest_heap_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings) {
  std::int64_t largest = 0;
  for (const auto* run : finished_runs(scenario))
    largest =
        std::max(largest, Evidence(scenario, *run, settings).growth(&record::Checkpoint::heap_bytes).value_or(0));
  return largest;
}

}  // namespace

double leak_hidden_by_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings) {
  const auto runs = finished_runs(scenario);
  if (!settings.expected_growth_bytes || runs.empty()) return 0;
  const auto* const longest =
      *std::ranges::max_element(runs, {}, [](const Repetition* run) { return run->iterations.value_or(0); });
  const Evidence evidence(scenario, *longest, settings);
  const auto growth = evidence.windowed(&record::Checkpoint::heap_bytes);
  const bool still_grows = growth && growth->rises() && !is_heap_growth_noise(evidence);
  if (!still_grows || evidence.last->iteration <= 0) return 0;
  return static_cast<double>(*settings.expected_growth_bytes) / static_cast<double>(evidence.last->iteration);
}

void leave_out_expected_growth(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                               Judgement& judgement) {
  if (!settings.expected_growth_bytes || largest_heap_growth(scenario, settings) > *settings.expected_growth_bytes)
    return;
  // A limit at a single checkpoint is exceeded all the same: that one is over_threshold.
  std::erase_if(judgement.findings, [](const Finding& finding) {
    return finding.kind == "heap_growth" && finding.verdict != Verdict::over_threshold;
  });
  judgement.verdict = worst_of(judgement.findings);
}

}  // namespace soak::verdict
