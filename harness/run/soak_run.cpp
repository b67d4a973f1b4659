#include "run/soak_run.hpp"

#include <fmt/format.h>

#include <system_error>

#include "record/record_file.hpp"
#include "record/user_error.hpp"
#include "run/binaries.hpp"
#include "run/fingerprint.hpp"
#include "run/git_state.hpp"
#include "run/progress.hpp"
#include "run/random_uid.hpp"
#include "run/record_writer.hpp"
#include "run/rerun_command.hpp"
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

Listings list_requested(const RunRequest& request, const config::Config& config) {
  if (request.binaries.empty() && config.binaries.empty())
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

record::Run planned_run(const RunRequest& request, const config::Config& config) {
  auto listings = list_requested(request, config);
  config.require_tables_match(listings.known);
  record::Run run;
  run.scenarios = plan_scenarios(listings.to_run, config, request.plan);
  run.known_scenarios = std::move(listings.known);
  for (auto& scenario : run.scenarios) scenario.rerun_command = rerun_command(scenario, request, config);
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

}  // namespace

RunOutcome run_scenarios(const RunRequest& request, const config::Config& config) {
  RunOutcome outcome{planned_run(request, config), {}, {}};
  auto& run = outcome.run;
  const auto git = git_state_of(fs::path(run.scenarios.front().binary).parent_path());
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

  ScenarioRunner runner(request, config, outcome, writer, progress);
  progress.begin_run(run);
  runner.save();
  point_latest(writer, progress);
  for (std::size_t i = 0; i < run.scenarios.size() && !run.interrupted; ++i) run.interrupted = !runner.run(i);
  run.completed = !run.interrupted;
  writer.remove_work_folder();
  runner.save();
  return outcome;
}

}  // namespace soak::run
