#include "judging.hpp"

#include <algorithm>

#include "verdict/confirmation.hpp"

namespace soak::simulation {
namespace {

using verdict::Verdict;

constexpr verdict::MachineLimits machine{
    .memory_bytes = std::int64_t{4} << 30, .open_files = 1024, .processes = 1024};

record::Scenario run_to_decision(Program& program, const config::ScenarioSettings& settings) {
  record::Scenario scenario;
  scenario.name = "Simulated";
  scenario.planned_iterations = program.planned_iterations();
  scenario.repetitions = {program.run(program.planned_iterations())};
  while (const auto iterations = verdict::next_run_length(scenario, settings, machine))
    scenario.scaled_runs.push_back({*iterations, program.run(*iterations)});
  return scenario;
}

// Limits on the whole growth are not what is tried here: only the slope convicts.
config::Config lenient_config() {
  auto config = config::default_config();
  config.defaults.peak_growth_bytes = std::int64_t{1} << 40;
  return config;
}

bool any_leak(const verdict::ScenarioVerdict& verdict) {
  return std::ranges::count(verdict.findings, Verdict::leak, &verdict::Finding::verdict) > 0;
}

void count(const verdict::ScenarioVerdict& verdict, Tally& tally) {
  if (any_leak(verdict))
    ++tally.leak;
  else if (verdict.verdict == Verdict::growing)
    ++tally.growing;
  else if (verdict.verdict == Verdict::inconclusive)
    ++tally.inconclusive;
  else
    ++(verdict.verdict == Verdict::pass ? tally.pass : tally.others);
}

}  // namespace

verdict::ScenarioVerdict judged(Program& program) {
  const auto config = lenient_config();
  record::Run run;
  run.completed = true;
  run.scenarios = {run_to_decision(program, config.settings_for("Simulated"))};
  return verdict::judge(run, config).scenarios.at(0);
}

Tally judge_programs(const Kind& kind, Leak leak, Program::Reads reads, std::int64_t programs) {
  Tally tally;
  const auto kind_seed = static_cast<std::uint64_t>(&kind - kinds().data());
  for (std::int64_t number = 0; number < programs; ++number) {
    const auto seed = (kind_seed << 40) + (static_cast<std::uint64_t>(leak.every_iterations) << 32) +
                      static_cast<std::uint64_t>(number);
    Program program(kind, leak, reads, seed);
    count(judged(program), tally);
    ++tally.programs;
  }
  return tally;
}

}  // namespace soak::simulation
