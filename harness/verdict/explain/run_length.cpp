#include "verdict/explain/run_length.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "verdict/explain/end_of_run.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {
namespace {

using record::Ending;

/// With call sites on an allocation takes up to ten times as long, a scenario less.
constexpr double longest_seconds = 2, slowdown = 4;
constexpr std::int64_t fewest_iterations = 64;
/// What is kept of each block comes on top: more than the block itself where blocks are small.
constexpr std::int64_t heap_share_of_memory = 4;

bool is_count(const std::string& kind) {
  constexpr std::array counts{"open_files", "threads", "children", "mappings"};
  return std::ranges::count(counts, kind) > 0;
}

/// Resident memory that live heap makes most of, at the end or at the peak, and objects, come from call sites too.
bool is_of_heap(const Finding& finding, const record::Scenario& scenario) {
  if (scenario.is_program) return false;  // it would run as long once more
  if (finding.kind == "objects") return true;
  const auto& checkpoints = scenario.repetitions.front().checkpoints;
  const auto baseline = checkpoints.front().heap_bytes, end = checkpoints.back().heap_bytes;
  const auto& highest = finding.kind == "peak_growth" ? checkpoints.back().heap_peak_bytes : end;
  const bool is_resident = finding.kind == "final_growth" || finding.kind == "peak_growth";
  return is_resident && baseline && highest &&
         static_cast<double>(*highest - *baseline) > finding.value.value_or(0) / 2;
}

bool asks_why(const Finding& finding, const record::Scenario& scenario) {
  if (finding.waived) return false;
  return finding.verdict == Verdict::leak || finding.verdict == Verdict::growing ||
         (finding.verdict == Verdict::over_threshold && (is_count(finding.kind) || is_of_heap(finding, scenario)));
}

ScenarioVerdict verdict_on(const record::Scenario& scenario, const config::Config& config) {
  record::Run run;
  run.scenarios = {scenario};
  return judge(run, config).scenarios.front();
}

bool needs_explaining(const record::Scenario& scenario, const config::Config& config) {
  return died_growing(scenario.repetitions.front()) ||
         std::ranges::any_of(verdict_on(scenario, config).findings,
                             [&](const Finding& finding) { return asks_why(finding, scenario); });
}

/// What is counted one by one shows at any length, and the probe has room for some thousands of each kind: a long run
/// would overflow it.
bool explains_counts_alone(const record::Scenario& scenario, const config::Config& config) {
  const auto findings = verdict_on(scenario, config).findings;
  return !findings.empty() && std::ranges::all_of(findings, is_count, &Finding::kind);
}

/// Not of one whose user ended it, or that could not be started at all.
bool can_run(const record::Repetition& first) {
  return first.ending != Ending::planned && first.ending != Ending::running && first.ending != Ending::interrupted &&
         !first.checkpoints.empty();
}

std::int64_t heap_at_end(const record::Repetition& repetition) {
  return repetition.checkpoints.empty() ? 0 : repetition.checkpoints.back().heap_bytes.value_or(0);
}

}  // namespace

std::optional<std::int64_t> explained_run_length(const record::Scenario& scenario, const config::Config& config,
                                                 const MachineLimits& machine, Explain when) {
  if (when == Explain::never || scenario.repetitions.empty()) return {};
  const auto& first = scenario.repetitions.front();
  if (!can_run(first)) return {};
  if (when == Explain::automatic && !needs_explaining(scenario, config)) return {};
  auto length = scenario.planned_iterations.value_or(first.checkpoints.back().iteration);
  if (scenario.is_fixed) return length > 0 ? std::optional(length) : std::nullopt;
  const bool longer_shows_more = !explains_counts_alone(scenario, config);
  for (const auto& [iterations, repetition] : scenario.scaled_runs)
    if (longer_shows_more && repetition.ending == Ending::finished && iterations > length &&
        repetition.wall_seconds <= std::max(longest_seconds, first.wall_seconds) &&
        heap_at_end(repetition) <= machine.memory_bytes / heap_share_of_memory)
      length = iterations;
  const auto timeout = std::chrono::duration<double>(config.settings_for(scenario.name).timeout).count();
  if (first.wall_seconds * slowdown > timeout || heap_at_end(first) > machine.memory_bytes / 2)
    length = std::max(length / 4, std::min(length, fewest_iterations));
  return length > 0 ? std::optional(length) : std::nullopt;
}

}  // namespace soak::verdict
