#include "run/scenario_runner.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "process/environment.hpp"
#include "record/identity.hpp"
#include "record/record_file.hpp"
#include "run/attribution.hpp"
#include "run/collect.hpp"
#include "run/program/samples.hpp"
#include "run/progress.hpp"
#include "run/record_writer.hpp"

namespace soak::run {
namespace {

/// Between the many repetitions of one scenario: a record is rewritten whole each time.
constexpr std::chrono::seconds shortest_time_between_saves{2};
constexpr int default_checkpoints = 64;

/// What is written down of call sites. A hundred scenarios of them all stay far below what a record may hold.
constexpr std::size_t most_sites_in_one = 500, most_sites_in_a_run = 10'000, fewest_sites = 20;

}  // namespace

ScenarioRunner::ScenarioRunner(const RunRequest& request, const config::Config& config, RunOutcome& outcome,
                               RecordWriter& writer, Progress& progress)
    : request_(request), config_(config), outcome_(outcome), writer_(writer), progress_(progress) {
  if (request.duration) shares_.emplace(*request.duration, outcome.run.scenarios.size(), request.jobs);
}

bool ScenarioRunner::run(std::size_t index) {
  const std::lock_guard lock(mutex_);
  auto& scenario = outcome_.run.scenarios[index];
  progress_.begin_scenario(scenario, index);
  return run_whole(scenario);
}

bool ScenarioRunner::run_whole(record::Scenario& scenario) {
  const auto share = shares_ ? shares_->next(std::chrono::steady_clock::now() - began_) : 0;
  if (share > 0 && can_be_lengthened(scenario) && (interrupted() || !lengthen(scenario, share))) return false;
  for (std::size_t number = 0; number < scenario.repetitions.size(); ++number) {
    if (interrupted() || !run_repetition(scenario, number)) return false;
    if (number == 0 && share > 0 && !can_be_lengthened(scenario)) repeat(scenario, share);
  }
  for (const auto length : further_lengths(scenario))
    if (interrupted() || !run_scaled(scenario, length)) return false;
  while (const auto iterations =
             request_.next_run_length && can_be_scaled(scenario) ? request_.next_run_length(scenario) : std::nullopt)
    if (interrupted() || !run_scaled(scenario, *iterations)) return false;
  if (const auto iterations = explained_length(scenario))
    if (interrupted() || !run_explained(scenario, *iterations)) return false;
  save();
  return true;
}

bool ScenarioRunner::can_be_lengthened(const record::Scenario& scenario) const {
  return !scenario.is_program && !scenario.is_fixed && scenario.planned_iterations.has_value();
}

/// What grows already runs as planned and is confirmed step by step, within what the machine allows; run for hours at
/// once it would die of its leak.
bool ScenarioRunner::is_suspect(const record::Scenario& scenario, const record::ScaledRun& pilot) const {
  auto once = scenario;
  once.repetitions = {pilot.repetition};
  return request_.next_run_length && request_.next_run_length(once).has_value();
}

bool ScenarioRunner::lengthen(record::Scenario& scenario, double share_seconds) {
  constexpr double patience = 3;  // before a scenario that takes longer than its share is ended
  const auto planned = *scenario.planned_iterations;
  auto pilot = run_again(scenario, planned, CallSites::off);
  if (!pilot) return false;
  const auto filling = fill_share(scenario, pilot->repetition, true, share_seconds);
  if (filling.iterations <= planned || !can_be_lengthened(scenario) || is_suspect(scenario, *pilot)) return true;
  scenario.planned_iterations = filling.iterations;
  scenario.rerun_command += fmt::format(" --iterations={}", filling.iterations);
  const auto timeout = static_cast<std::int64_t>(share_seconds * patience * 1000);
  lengthened_[scenario.name] = {std::chrono::milliseconds(timeout), planned};
  // A short length beside the long one: what confirm needs first.
  if (request_.next_run_length) scenario.scaled_runs.push_back(std::move(*pilot));
  return true;
}

void ScenarioRunner::repeat(record::Scenario& scenario, double share_seconds) const {
  const auto filling = fill_share(scenario, scenario.repetitions.front(), false, share_seconds);
  scenario.repetitions.resize(
      std::max<std::size_t>(scenario.repetitions.size(), static_cast<std::size_t>(filling.repetitions)));
}

std::chrono::milliseconds ScenarioRunner::timeout_of(const record::Scenario& scenario) const {
  const auto timeout = config_.settings_for(scenario.name).timeout;
  const auto longer = lengthened_.find(scenario.name);
  return longer == lengthened_.end() ? timeout : std::max(timeout, longer->second.timeout);
}

std::optional<std::int64_t> ScenarioRunner::explained_length(const record::Scenario& scenario) const {
  const auto wanted = request_.explained_run_length ? request_.explained_run_length(scenario) : std::nullopt;
  const auto longer = lengthened_.find(scenario.name);
  return wanted && longer != lengthened_.end() ? std::min(*wanted, longer->second.planned_iterations) : wanted;
}

template <typename Child>
auto ScenarioRunner::beside_others(const record::Scenario& scenario, const std::filesystem::path& region,
                                   Child child) {
  struct Unlocked {
    explicit Unlocked(std::mutex& mutex_in) : mutex(mutex_in) { mutex.unlock(); }
    ~Unlocked() { mutex.lock(); }
    Unlocked(const Unlocked&) = delete;
    Unlocked& operator=(const Unlocked&) = delete;
    std::mutex& mutex;
  };
  const auto tick = [&](double seconds) {
    const std::lock_guard lock(mutex_);
    progress_.turn_to(scenario);
    progress_.tick(seconds, request_.progress_on_terminal ? live_figures(region) : LiveFigures{});
  };
  auto outcome = [&] {
    const Unlocked unlocked(mutex_);
    return child(tick);
  }();
  progress_.turn_to(scenario);
  return outcome;
}

bool ScenarioRunner::run_repetition(record::Scenario& scenario, std::size_t number) {
  scenario.repetitions[number].ending = record::Ending::running;
  // That a scenario began is always on disk; of its many repetitions now and then.
  if (number == 0) save();
  save_now_and_then();
  const auto files = child_files(writer_.work_folder(), scenario, number);
  auto& repetition = scenario.repetitions[number] = measure(scenario, files, number, CallSites::off);
  repetition.log = writer_.log_file(scenario, number).string();
  keep_benchmark_rows(files, number, scenario.repetitions.size());
  remove_child_files(files);
  progress_.end_repetition(scenario, repetition);
  return repetition.ending != record::Ending::interrupted;
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

std::optional<record::ScaledRun> ScenarioRunner::run_again(record::Scenario& scenario, std::int64_t iterations,
                                                           CallSites call_sites) {
  auto again = scenario;
  again.planned_iterations = iterations;
  const auto number = scenario.repetitions.size() + scenario.scaled_runs.size();
  const auto files = child_files(writer_.work_folder(), scenario, number);
  auto repetition = measure(again, files, number, call_sites);
  scenario.notes = std::move(again.notes);
  scenario.is_fixed = again.is_fixed;
  std::optional<record::ScaledRun> run;
  if (repetition.ending != record::Ending::interrupted) {
    run = record::ScaledRun{iterations, std::move(repetition)};
    run->repetition.log = writer_.log_file(scenario, number).string();
    // A program that was sampled from outside has brought its own.
    if (call_sites == CallSites::on && !run->repetition.attribution)
      take_attribution(run->repetition, files.region, most_sites());
  }
  remove_child_files(files);
  return run;
}

record::Repetition ScenarioRunner::measure(record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                           CallSites call_sites) {
  if (is_foreign(scenario)) return measure_foreign(scenario, files, number, call_sites);
  if (scenario.is_program) return measure_program(scenario, files, number, call_sites);
  auto collected = collect_repetition(scenario, run_planned(scenario, files, number, call_sites), files);
  const auto wish = config_.settings_for(scenario.name).is_fixed;
  scenario.is_fixed = wish.value_or(scenario.is_fixed || collected.says_fixed);
  return std::move(collected.repetition);
}

bool ScenarioRunner::is_foreign(const record::Scenario& scenario) const {
  return scenario.is_program && !request_.watch && !config_.settings_for(scenario.name).program;
}

record::Repetition ScenarioRunner::measure_foreign(record::Scenario& scenario, const ChildFiles& files,
                                                   std::size_t number, CallSites call_sites) {
  const auto run = [&](const ForeignRun& length) {
    auto plan = child_plan(scenario, files, number, call_sites);
    for (auto& flag : length_flags(length)) plan.command.arguments.push_back(std::move(flag));
    const auto outcome =
        beside_others(scenario, files.region, [&](const auto& tick) { return process::run_child(plan, tick); });
    if (!outcome.log_error.empty()) note_disk_error(outcome.log_error);
    auto repetition = collect_foreign(length, outcome, files);
    if (call_sites == CallSites::on)
      if (const auto sites = sites_at_ends(files.region, repetition.iterations.value_or(1)))
        repetition.attribution = attribution_of(*sites, most_sites());
    return repetition;
  };
  if (!foreign_.contains(scenario.name)) {
    ForeignRun first;
    first.by_iterations = !record::iterations_in(scenario.benchmark_name) && takes_iterations(scenario.binary);
    auto first_look = run({});
    if (first_look.ending != record::Ending::finished) return first_look;
    foreign_[scenario.name] = after_first_look(first, first_look.iterations.value_or(1));
    remove_child_files(files);
  }
  auto length = foreign_[scenario.name];
  if (!scenario.planned_iterations) scenario.planned_iterations = length.iterations;
  length.iterations = *scenario.planned_iterations;
  return run(length);
}

record::Repetition ScenarioRunner::measure_program(record::Scenario& scenario, const ChildFiles& files,
                                                   std::size_t number, CallSites call_sites) {
  auto outcome = beside_others(scenario, files.region, [&](const auto& tick) {
    return request_.watch ? watch_process(request_.watch->pid, request_.watch->duration, checkpoint_count(),
                                          request_.interrupts, tick)
                          : run_program(program_plan(scenario, files, number, call_sites), tick);
  });
  if (!outcome.log_error.empty()) note_disk_error(outcome.log_error);
  scenario.measured = outcome.measured;
  for (auto& note : outcome.notes)
    if (std::ranges::count(scenario.notes, note) == 0) scenario.notes.push_back(std::move(note));
  if (outcome.sites && call_sites == CallSites::on)
    outcome.repetition.attribution = attribution_of(*outcome.sites, most_sites());
  return std::move(outcome.repetition);
}

ProgramPlan ScenarioRunner::program_plan(const record::Scenario& scenario, const ChildFiles& files,
                                         std::size_t number, CallSites call_sites) const {
  const auto settings = config_.settings_for(scenario.name);
  const auto log = writer_.folder() / writer_.log_file(scenario, number);
  auto driver_log = log;
  std::map<std::string, std::string> probe_environment;
  if (call_sites == CallSites::on) probe_environment["SOAK_PROBE"] = "sites";
  return {
      .program = *settings.program,
      .file = inspect_program(settings.program->command.front(), ""),
      .length = scenario.planned_iterations,
      .environment = settings.env,
      .probe_environment = probe_environment,
      .region = files.region,
      .log = log,
      .driver_log = driver_log.replace_extension(".driver.log"),
      .timeout = settings.timeout,
      .memory_limit_bytes = settings.memory_limit_bytes.value_or(request_.memory_limit_bytes),
      .checkpoint_count = checkpoint_count(),
      .interrupts = request_.interrupts,
  };
}

int ScenarioRunner::checkpoint_count() const {
  return request_.checkpoint_count.value_or(config_.checkpoint_count.value_or(default_checkpoints));
}

/// The lengths that were asked for beyond the first.
std::vector<std::int64_t> ScenarioRunner::further_lengths(const record::Scenario& scenario) const {
  const auto settings = config_.settings_for(scenario.name);
  if (!settings.program || settings.program->lengths.size() < 2 || request_.plan.iterations) return {};
  return {settings.program->lengths.begin() + 1, settings.program->lengths.end()};
}

bool ScenarioRunner::can_be_scaled(const record::Scenario& scenario) {
  return !scenario.is_program || scenario.planned_iterations.has_value();
}

std::size_t ScenarioRunner::most_sites() const {
  return std::clamp<std::size_t>(most_sites_in_a_run / outcome_.run.scenarios.size(), fewest_sites,
                                 most_sites_in_one);
}

process::ChildOutcome ScenarioRunner::run_planned(const record::Scenario& scenario, const ChildFiles& files,
                                                  std::size_t number, CallSites call_sites) {
  const auto plan = child_plan(scenario, files, number, call_sites);
  auto child =
      beside_others(scenario, files.region, [&](const auto& tick) { return process::run_child(plan, tick); });
  if (!child.log_error.empty()) note_disk_error(child.log_error);
  return child;
}

process::ChildPlan ScenarioRunner::child_plan(const record::Scenario& scenario, const ChildFiles& files,
                                              std::size_t number, CallSites call_sites) const {
  const auto settings = config_.settings_for(scenario.name);
  auto additions = settings.env;
  additions["SOAK_REGION"] = files.region.string();
  if (call_sites == CallSites::on) additions["SOAK_PROBE"] = "sites";
  if (const auto count = request_.checkpoint_count ? request_.checkpoint_count : config_.checkpoint_count)
    additions["SOAK_CHECKPOINTS"] = std::to_string(*count);
  if (is_foreign(scenario)) additions["LD_PRELOAD"] = preloaded_probe(additions);
  if (!scenario.is_program && scenario.planned_iterations &&
      scenario.planned_iterations != record::iterations_in(scenario.benchmark_name))
    additions["SOAK_ITERATIONS"] = std::to_string(*scenario.planned_iterations);
  return {
      .command = {scenario.binary,
                  {"--benchmark_filter=" + record::exact_filter(scenario.name),
                   "--benchmark_out=" + files.benchmark_json.string(), "--benchmark_out_format=json"},
                  process::child_environment(additions)},
      .log = writer_.folder() / writer_.log_file(scenario, number),
      .timeout = timeout_of(scenario),
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
