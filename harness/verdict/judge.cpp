#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <tuple>

#include "base/glob.hpp"
#include "verdict/checkpoint_rules.hpp"
#include "verdict/completeness.hpp"
#include "verdict/count_rules.hpp"
#include "verdict/end_rules.hpp"
#include "verdict/explain/explain.hpp"
#include "verdict/heap_rule.hpp"
#include "verdict/metric_shapes.hpp"
#include "verdict/resident_rules.hpp"
#include "verdict/suspects.hpp"
#include "verdict/time_rules.hpp"
#include "verdict/trouble.hpp"
#include "verdict/verdict.hpp"
#include "verdict/waivers.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// One repetition with its judgement and the figures that repetitions are compared by.
struct JudgedRepetition {
  Evidence evidence;
  Judgement judgement;
  std::optional<double> heap_growth;
  std::optional<std::int64_t> rss_growth;
};

JudgedRepetition judged_repetition(const Evidence& evidence, Judgement judgement) {
  return {evidence, std::move(judgement), heap_growth_per_iteration(evidence),
          evidence.growth(&Checkpoint::rss_bytes)};
}

// Worst first; what is in equal standing keeps its order.
std::vector<const JudgedRepetition*> by_badness(const std::vector<JudgedRepetition>& repetitions) {
  std::vector<const JudgedRepetition*> order;
  order.reserve(repetitions.size());
  for (const auto& repetition : repetitions) order.push_back(&repetition);
  std::ranges::stable_sort(order, std::greater{}, [](const auto* repetition) {
    return std::tuple(rank(repetition->judgement.verdict), repetition->heap_growth, repetition->rss_growth);
  });
  return order;
}

// All findings of the worst repetition, then kinds that only others have.
std::vector<Finding> merged_findings(const std::vector<JudgedRepetition>& repetitions) {
  std::vector<Finding> merged;
  for (const auto* repetition : by_badness(repetitions)) {
    const auto known = merged;
    for (auto finding : repetition->judgement.findings) {
      if (std::ranges::count(known, finding.kind, &Finding::kind) > 0) continue;
      if (repetitions.size() > 1)
        finding.message +=
            fmt::format(" (repetition {} of {})", repetition - repetitions.data() + 1, repetitions.size());
      merged.push_back(std::move(finding));
    }
  }
  return merged;
}

std::optional<std::int64_t> rss_peak_growth(const Evidence& evidence) {
  const auto peak = evidence.peak_rss_bytes();
  if (!peak || evidence.baseline == nullptr || !evidence.baseline->rss_bytes) return {};
  return *peak - *evidence.baseline->rss_bytes;
}

// The highest of the whole process: what SetUp held for a moment, above the baseline, is in it.
std::optional<std::int64_t> heap_peak_growth(const Evidence& evidence) {
  if (evidence.baseline == nullptr || !evidence.baseline->heap_bytes || !evidence.last->heap_peak_bytes) return {};
  return *evidence.last->heap_peak_bytes - *evidence.baseline->heap_bytes;
}

std::optional<std::int64_t> iterations_of(const Evidence& evidence) {
  if (evidence.repetition.iterations) return evidence.repetition.iterations;
  return evidence.last == nullptr ? std::nullopt : std::optional(evidence.last->iteration);
}

bool was_cut_off(const record::Repetition& repetition) {
  using record::Ending;
  return repetition.ending == Ending::planned || repetition.ending == Ending::running ||
         repetition.ending == Ending::interrupted;
}

void fill_figures(const JudgedRepetition& repetition, ScenarioVerdict& verdict) {
  verdict.iterations = iterations_of(repetition.evidence);
  verdict.warm_up_iterations = repetition.evidence.warm_up;
  verdict.heap_growth_bytes_per_iteration = repetition.heap_growth;
  verdict.heap_growth_is_noise = is_heap_growth_noise(repetition.evidence);
  verdict.rss_growth_bytes = repetition.rss_growth;
  verdict.rss_peak_growth_bytes = rss_peak_growth(repetition.evidence);
  verdict.heap_peak_growth_bytes = heap_peak_growth(repetition.evidence);
  verdict.setup_growth_bytes = repetition.evidence.repetition.setup_growth_bytes;
  verdict.teardown_growth_bytes = repetition.evidence.repetition.teardown_growth_bytes;
  verdict.iteration_time_ns = repetition.evidence.repetition.iteration_time_ns;
  if (verdict.verdict == Verdict::pass) {
    const auto& [scenario, settings] = std::tie(repetition.evidence.scenario, repetition.evidence.settings);
    auto& seen = verdict.smallest_leak_seen_bytes_per_iteration = smallest_leak_over_runs(scenario, settings);
    if (!seen) seen = smallest_heap_leak_seen(repetition.evidence);
    if (seen) seen = std::max(*seen, leak_hidden_by_expected_growth(scenario, settings));
  }
  verdict.shapes = metric_shapes(repetition.evidence, verdict.verdict == Verdict::pass);
  fill_time_to_trouble(repetition.evidence, verdict);
}

// What was enforced where the scenario's own tables say nothing.
config::ScenarioSettings settings_for(const record::Scenario& scenario, const record::Run& run,
                                      const config::Config& config) {
  auto settings = config.settings_for(scenario.name);
  if (!settings.memory_limit_bytes) settings.memory_limit_bytes = default_memory_limit_bytes(run);
  return settings;
}

// Of a program whose heap was not counted that has to be said, whether or not something else already does.
std::vector<std::string> notes_of(const record::Scenario& scenario) {
  auto notes = scenario.notes;
  const auto why = scenario.repetitions.empty() ? "" : scenario.repetitions.front().heap_unavailable;
  const bool is_told =
      std::ranges::any_of(notes, [&](const auto& note) { return note.find(why) != std::string::npos; });
  if (scenario.is_program && !why.empty() && !is_told)
    notes.push_back(fmt::format("live heap was not counted: {}", why));
  if (scenario.is_fixed) notes.emplace_back("cannot be scaled: it ran at its planned length only");
  return notes;
}

ScenarioVerdict judge_scenario(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                               const config::SeverityScale& scale) {
  ScenarioVerdict verdict;
  verdict.name = scenario.name;
  verdict.rerun_command = scenario.rerun_command;
  verdict.notes = notes_of(scenario);
  verdict.is_fixed = scenario.is_fixed;
  verdict.heap_growth_limit_bytes_per_iteration = settings.limits.heap_growth_bytes_per_iteration;
  verdict.final_growth_limit_bytes = settings.limits.final_growth_bytes;
  verdict.peak_growth_limit_bytes = settings.limits.peak_growth_bytes;
  verdict.run_to_its_end = !scenario.repetitions.empty() && std::ranges::none_of(scenario.repetitions, was_cut_off);
  for (const auto& repetition : scenario.repetitions)
    verdict.checkpoints_dropped = std::max(verdict.checkpoints_dropped, repetition.checkpoints_dropped);
  if (scenario.repetitions.empty()) {
    verdict.findings = {{"missing", {}, {}, "was not run: the record holds no repetition of it"}};
    return verdict;
  }

  if (scenario.measured == record::Measured::at_end) {
    judge_by_lengths(scenario, settings, verdict);
    explain_findings(scenario, verdict.findings);
    return verdict;
  }
  std::vector<JudgedRepetition> repetitions;
  for (const auto& repetition : scenario.repetitions) {
    const Evidence evidence(scenario, repetition, settings);
    auto judgement = judge_repetition(evidence);
    weigh_by_scaled_runs(scenario, settings, judgement);
    leave_out_expected_growth(scenario, settings, judgement);
    repetitions.push_back(judged_repetition(evidence, std::move(judgement)));
  }
  verdict.verdict = by_badness(repetitions).front()->judgement.verdict;
  verdict.findings = merged_findings(repetitions);
  add_explained_objects(scenario, settings, verdict.findings);
  explain_findings(scenario, verdict.findings);
  verdict.not_explained = why_not_explained(scenario);
  const auto largest = std::ranges::max_element(repetitions, {}, [](const JudgedRepetition& repetition) {
    return std::tuple(repetition.heap_growth, repetition.rss_growth);
  });
  if (scenario.measured == record::Measured::over_time)
    fill_figures_over_time(largest->evidence, verdict);
  else
    fill_figures(*largest, verdict);
  if (verdict.verdict != Verdict::pass)
    for (const auto& repetition : repetitions)
      verdict.severity = std::max(verdict.severity, severity_of(repetition.evidence, scale));
  return verdict;
}

}  // namespace

Judgement judge_repetition(const Evidence& evidence) {
  Judgement judgement;
  if (evidence.scenario.measured == record::Measured::over_time) {
    judge_over_time(evidence, judgement);
  } else if (judge_completeness(evidence, judgement)) {
    judge_heap(evidence, judgement);
    judge_resident(evidence, judgement);
    judge_counts(evidence, judgement);
    judge_objects(evidence, judgement);
    judge_checkpoints(evidence, judgement);
  } else {
    judge_descriptor_limit(evidence, judgement);
  }
  return judgement;
}

RunVerdict judge(const record::Run& run, const config::Config& config) {
  if (!run.known_scenarios.empty()) config.require_tables_match(run.known_scenarios);
  RunVerdict verdict;
  verdict.run_id = run.id;
  verdict.completed = run.completed;
  verdict.jobs = run.jobs;
  verdict.tables_checked = !run.known_scenarios.empty() || std::ranges::all_of(config.tables, [&](const auto& table) {
    return std::ranges::any_of(run.scenarios, std::bind_front(&Glob::matches, Glob(table.first)),
                               &record::Scenario::name);
  });
  for (const auto& scenario : run.scenarios)
    verdict.scenarios.push_back(judge_scenario(scenario, settings_for(scenario, run, config), config.severity));
  apply_waivers(run, config, verdict);
  const auto worst = std::ranges::max_element(verdict.scenarios, {}, [](const auto& s) { return rank(s.verdict); });
  if (worst != verdict.scenarios.end()) verdict.verdict = worst->verdict;
  if (!run.completed && rank(verdict.verdict) < rank(Verdict::error)) verdict.verdict = Verdict::error;
  return verdict;
}

int exit_status(const RunVerdict& verdict) {
  if (!verdict.wrong_requests.empty()) return 2;
  const auto worst = rank(verdict.verdict);
  if (worst >= rank(Verdict::over_threshold)) return 1;
  return worst == rank(Verdict::pass) ? 0 : 3;
}

}  // namespace soak::verdict
