#include "run/soak_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <future>
#include <system_error>

#include "base/ids.hpp"
#include "base/user_error.hpp"
#include "process/git.hpp"
#include "process/proc_files.hpp"
#include "process/process_tree.hpp"
#include "record/record_file.hpp"
#include "run/plan.hpp"
#include "run/progress.hpp"
#include "run/record_writer.hpp"
#include "run/rerun.hpp"
#include "run/scenario_runner.hpp"

namespace soak::run {
namespace {

namespace fs = std::filesystem;

/// The binaries to run, and those of the config besides: a threshold table may be for a scenario of theirs.
struct Listings {
  std::vector<BinaryScenarios> to_run;
  std::vector<std::string> known;
};

std::vector<BinaryScenarios> list_all(const std::vector<fs::path>& binaries) {
  std::vector<BinaryScenarios> listings;
  for (const auto& binary : binaries) listings.push_back(list_scenarios(find_binary(binary)));
  return listings;
}

/// Scenarios of binaries in benchmarks.toml that are not built are unknown, and so no reason to refuse a table.
std::vector<BinaryScenarios> list_what_is_there(const std::vector<fs::path>& binaries) {
  std::vector<BinaryScenarios> listings;
  for (const auto& binary : binaries) try {
      listings.push_back(list_scenarios(find_binary(binary)));
    } catch (const UserError&) {
      continue;
    }
  return listings;
}

bool has_programs(const config::Config& config) {
  return std::ranges::any_of(config.tables,
                             [](const auto& table) { return table.second.settings.program.has_value(); });
}

Listings list_requested(const RunRequest& request, const config::Config& config) {
  if (request.only_programs) return {};
  if (request.binaries.empty() && config.binaries.empty() && !has_programs(config))
    throw UserError(
        "no scenario binary is named: pass one, or write [run] binaries = [\"...\"] into benchmarks.toml");
  Listings listings;
  listings.to_run = list_all(request.binaries.empty() ? config.binaries : request.binaries);
  auto all = listings.to_run;
  if (!request.binaries.empty())
    for (auto& other : list_what_is_there(config.binaries)) all.push_back(std::move(other));
  listings.known = known_identities(all);
  return listings;
}

std::map<std::string, double> seconds_of_latest_run(const fs::path& results) {
  std::map<std::string, double> seconds;
  try {
    for (const auto& scenario : record::load_run(results / "latest").scenarios)
      if (!scenario.repetitions.empty()) seconds[scenario.name] = scenario.repetitions.front().wall_seconds;
  } catch (const std::exception&) {
    // No earlier run, or none that can be read: then there is no estimate to start from.
  }
  return seconds;
}

record::Run watching_run(const RunRequest& request) {
  const auto& watch = *request.watch;
  if (!process::process_exists(watch.pid)) throw UserError(fmt::format("{}: there is no such process", watch.pid));
  record::Scenario scenario;
  scenario.name = scenario.benchmark_name = watch.name;
  scenario.binary = process::executable_of(watch.pid).value_or("unknown").string();
  scenario.is_program = true;
  scenario.measured = record::Measured::over_time;
  scenario.notes.emplace_back(
      "it ran already, so only the operating system's figures are judged; start it with `soak exec` to have its heap "
      "counted");
  scenario.repetitions.resize(1);
  scenario.rerun_command = request.rerun_command;
  record::Run run;
  run.scenarios.push_back(std::move(scenario));
  return run;
}

record::Run planned_run(const RunRequest& request, const config::Config& config) {
  if (request.watch) return watching_run(request);
  auto listings = list_requested(request, config);
  // Whoever names binaries on the command line means those alone.
  auto programs = request.binaries.empty() ? plan_programs(config, request.plan) : std::vector<record::Scenario>();
  record::Run run;
  run.scenarios = plan_scenarios(listings.to_run, config, request.plan, std::move(programs));
  if (!request.only_programs) {
    for (const auto& [name, table] : config.tables)
      if (table.settings.program) listings.known.push_back(name);
    config.require_tables_match(listings.known);
    run.known_scenarios = std::move(listings.known);
  }
  for (auto& scenario : run.scenarios)
    scenario.rerun_command =
        request.rerun_command.empty() ? rerun_command(scenario, request, config) : request.rerun_command;
  return run;
}

/// The record is whole without the link; but whoever reads `latest` would read an older run.
void point_latest(const RecordWriter& writer, Progress& progress) {
  try {
    writer.point_latest_here();
  } catch (const std::system_error& error) {
    progress.note(fmt::format("results/latest still points to an older record: {}", error.what()));
  }
}

/// False when the user interrupted. With several jobs the calling thread runs no scenario itself: orphans of children
/// come to it, and are ended when all is done, so that no job ends what belongs to another.
bool run_all(ScenarioRunner& runner, std::size_t scenarios, int jobs) {
  std::atomic<std::size_t> next{0};
  std::atomic<bool> goes_on{true};
  const auto work = [&] {
    for (std::size_t i = next++; i < scenarios && goes_on; i = next++)
      if (!runner.run(i)) goes_on = false;
  };
  if (jobs <= 1) return work(), goes_on.load();
  std::vector<std::future<void>> workers;
  for (int i = 0; i < jobs; ++i) workers.push_back(std::async(std::launch::async, work));
  for (auto& worker : workers) worker.wait();
  process::end_orphans();
  for (auto& worker : workers) worker.get();
  return goes_on;
}

}  // namespace

RunOutcome run_scenarios(const RunRequest& request, const config::Config& config) {
  RunOutcome outcome{planned_run(request, config), {}, {}};
  auto& run = outcome.run;
  const auto git = process::git_state_of(fs::path(run.scenarios.front().binary).parent_path());
  const auto results = request.results.empty() ? config.results : request.results;
  Progress progress(stderr, request.progress_on_terminal, seconds_of_latest_run(results));
  RecordWriter writer(results, git.commit);
  outcome.folder = writer.folder();
  run.id = writer.id();
  run.uid = random_uid();
  run.started_at = writer.started_at();
  run.commit = git.commit;
  run.dirty = git.dirty;
  run.fingerprint = machine_fingerprint();
  run.jobs = request.jobs;

  ScenarioRunner runner(request, config, outcome, writer, progress);
  progress.begin_run(run);
  runner.save();
  point_latest(writer, progress);
  run.interrupted = !run_all(runner, run.scenarios.size(), request.jobs);
  run.completed = !run.interrupted;
  writer.remove_work_folder();
  runner.save();
  return outcome;
}

}  // namespace soak::run
