// Runs made up for tests: one scenario of 1,000 iterations, healthy and flat until a test says otherwise.
#pragma once

#include <gmock/gmock.h>

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "verdict/verdict.hpp"

namespace soak::verdict {

inline constexpr std::int64_t kib = 1024, mib = 1024 * kib;

/// A checkpoint at an iteration of a process in which nothing grows.
inline record::Checkpoint flat_checkpoint(std::int64_t iteration) {
  record::Checkpoint c;
  c.iteration = iteration;
  c.rss_bytes = c.peak_rss_bytes = 8 * mib;
  c.vms_bytes = 100 * mib;
  c.heap_bytes = 64 * kib;
  c.heap_blocks = 100;
  c.open_files = 4;
  c.threads = 1;
  c.joinable_threads = c.children = c.zombies = 0;
  return c;
}

using Change = std::function<void(record::Checkpoint&)>;

inline record::Repetition repetition_of(std::int64_t iterations, int checkpoints, const Change& change = {}) {
  record::Repetition repetition;
  repetition.ending = record::Ending::finished;
  repetition.iterations = iterations;
  repetition.iteration_time_ns = 1000;
  for (int i = 0; i < checkpoints; ++i) {
    auto& checkpoint = repetition.checkpoints.emplace_back(flat_checkpoint(iterations * i / (checkpoints - 1)));
    if (change) change(checkpoint);
  }
  repetition.checkpoints.front().kind = record::CheckpointKind::baseline;
  repetition.checkpoints.back().kind = record::CheckpointKind::final;
  return repetition;
}

/// 51 checkpoints, one each 20 iterations.
inline record::Repetition thousand_iterations(const Change& change = {}) { return repetition_of(1000, 51, change); }

inline record::Scenario scenario_of(std::vector<record::Repetition> repetitions, const std::string& name = "A") {
  record::Scenario scenario;
  scenario.name = name;
  scenario.repetitions = std::move(repetitions);
  scenario.planned_iterations = scenario.repetitions.empty() ? 1000 : scenario.repetitions.front().iterations;
  scenario.rerun_command = "soak run --benchmark_filter='^" + name + "$'";
  return scenario;
}

inline record::Run run_of(std::vector<record::Scenario> scenarios) {
  record::Run run;
  run.id = "2026-08-01T00-00-00-abc";
  run.completed = true;
  run.scenarios = std::move(scenarios);
  return run;
}

inline ScenarioVerdict judged(const record::Repetition& repetition,
                              const config::Config& config = config::default_config()) {
  return judge(run_of({scenario_of({repetition})}), config).scenarios.at(0);
}

/// What a test says about a scenario: its verdict, then kind and message of each finding, one a line.
inline std::string summary(const ScenarioVerdict& verdict) {
  auto text = to_string(verdict.verdict);
  for (const auto& finding : verdict.findings) text += "\n" + finding.kind + ": " + finding.message;
  return text;
}

}  // namespace soak::verdict
