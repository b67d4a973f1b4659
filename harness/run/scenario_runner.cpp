#include "run/scenario_runner.hpp"

#include <algorithm>
#include <system_error>

#include "record/identity.hpp"
#include "record/record_file.hpp"
#include "run/attribution.hpp"
#include "run/child_environment.hpp"
#include "run/fingerprint.hpp"
#include "run/live_figures.hpp"
#include "run/work_files.hpp"

namespace soak::run {
namespace {

/// Between the many repetitions of one scenario: a record is rewritten whole each time.
constexpr std::chrono::seconds shortest_time_between_saves{2};

/// What is written down of call sites. A hundred scenarios of them all stay far below what a record may hold.
constexpr std::size_t most_sites_in_one = 500, most_sites_in_a_run = 10'000, fewest_sites = 20;

}  // namespace

ScenarioRunner::ScenarioRunner(const RunRequest& request, const config::Config& config, RunOutcome& outcome,
                               RecordWriter& writer, Progress& progress)
    : request_(request), config_(config), outcome_(outcome), writer_(writer), progress_(progress) {}

bool ScenarioRunner::run(std::size_t index) {
  auto& scenario = outcome_.run.scenarios[index];
  progress_.begin_scenario(scenario, index);
  for (std::size_t number = 0; number < scenario.repetitions.size(); ++number)
    if (interrupted() || !run_repetition(scenario, number)) return false;
  while (const auto iterations = request_.next_run_length ? request_.next_run_length(scenario) : std::nullopt)
    if (interrupted() || !run_scaled(scenario, *iterations)) return false;
  if (const auto iterations = request_.explained_run_length ? request_.explained_run_length(scenario) : std::nullopt)
    if (interrupted() || !run_explained(scenario, *iterations)) return false;
  save();
  return true;
}

bool ScenarioRunner::run_repetition(record::Scenario& scenario, std::size_t number) {
  scenario.repetitions[number].ending = record::Ending::running;
  // That a scenario began is always on disk; of its many repetitions now and then.
  if (number == 0) save();
  save_now_and_then();
  const auto files = child_files(writer_.work_folder(), scenario, number);
  const auto child = run_planned(scenario, files, number);
  auto& repetition = scenario.repetitions[number] = collect_repetition(scenario, child, files);
  repetition.log = writer_.log_file(scenario, number).string();
  keep_benchmark_rows(files, number, scenario.repetitions.size());
  remove_child_files(files);
  progress_.end_repetition(scenario, repetition);
  return !child.interrupted;
}

bool ScenarioRunner::run_scaled(record::Scenario& scenario, std::int64_t iterations) {
  progress_.begin_scaled_run(iterations);
  auto scaled = run_again(scenario, iterations, CallSites::off);
  if (scaled) scenario.scaled_runs.push_back(std::move(*scaled));
  return scaled.has_value();
}

bool ScenarioRunner::run_explained(record::Scenario& scenario, std::int64_t iterations) {
  progress_.begin_explained_run(iterations);
  scenario.explained_run = run_again(scenario, iterations, CallSites::on);
  return scenario.explained_run.has_value();
}

std::optional<record::ScaledRun> ScenarioRunner::run_again(const record::Scenario& scenario, std::int64_t iterations,
                                                           CallSites call_sites) {
  auto again = scenario;
  again.planned_iterations = iterations;
  const auto number = scenario.repetitions.size() + scenario.scaled_runs.size();
  const auto files = child_files(writer_.work_folder(), scenario, number);
  const auto child = run_planned(again, files, number, call_sites);
  std::optional<record::ScaledRun> run;
  if (!child.interrupted) {
    run.emplace(iterations, collect_repetition(again, child, files));
    run->repetition.log = writer_.log_file(scenario, number).string();
    if (call_sites == CallSites::on) take_attribution(run->repetition, files.region, most_sites());
  }
  remove_child_files(files);
  return run;
}

std::size_t ScenarioRunner::most_sites() const {
  return std::clamp<std::size_t>(most_sites_in_a_run / outcome_.run.scenarios.size(), fewest_sites,
                                 most_sites_in_one);
}

ChildOutcome ScenarioRunner::run_planned(const record::Scenario& scenario, const ChildFiles& files,
                                         std::size_t number, CallSites call_sites) {
  auto child = run_child(child_plan(scenario, files, number, call_sites), [&](double seconds) {
    progress_.tick(seconds, request_.progress_on_terminal ? live_figures(files.region) : LiveFigures{});
  });
  if (!child.log_error.empty()) note_disk_error(child.log_error);
  return child;
}

ChildPlan ScenarioRunner::child_plan(const record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                     CallSites call_sites) const {
  const auto settings = config_.settings_for(scenario.name);
  auto additions = settings.env;
  additions["SOAK_REGION"] = files.region.string();
  if (call_sites == CallSites::on) additions["SOAK_PROBE"] = "sites";
  if (const auto count = request_.checkpoint_count ? request_.checkpoint_count : config_.checkpoint_count)
    additions["SOAK_CHECKPOINTS"] = std::to_string(*count);
  if (scenario.planned_iterations && scenario.planned_iterations != record::iterations_in(scenario.benchmark_name))
    additions["SOAK_ITERATIONS"] = std::to_string(*scenario.planned_iterations);
  return {
      .executable = scenario.binary,
      .arguments = {"--benchmark_filter=" + record::exact_filter(scenario.name),
                    "--benchmark_out=" + files.benchmark_json.string(), "--benchmark_out_format=json"},
      .environment = child_environment(additions),
      .log = writer_.folder() / writer_.log_file(scenario, number),
      .timeout = settings.timeout,
      .memory_limit_bytes = settings.memory_limit_bytes.value_or(request_.memory_limit_bytes),
      .interrupts = request_.interrupts,
  };
}

void ScenarioRunner::keep_benchmark_rows(const ChildFiles& files, std::size_t number, std::size_t repetitions) {
  const auto json = benchmark_json_of(files);
  add_build_fingerprint(outcome_.run.fingerprint, json);
  writer_.add_benchmark_rows(json, number, repetitions);
}

bool ScenarioRunner::interrupted() const {
  return request_.interrupts != nullptr && request_.interrupts->requested();
}

void ScenarioRunner::save_now_and_then() {
  if (std::chrono::steady_clock::now() - last_save_ >= shortest_time_between_saves) save();
}

void ScenarioRunner::save() {
  try {
    writer_.save(outcome_.run);
    writer_.save_benchmark(outcome_.run);
  } catch (const std::system_error& error) {
    note_disk_error(error.what());
  }
  last_save_ = std::chrono::steady_clock::now();
}

void ScenarioRunner::note_disk_error(const std::string& error) {
  if (outcome_.record_error.empty()) progress_.note(error);
  outcome_.record_error = error;
}

}  // namespace soak::run
