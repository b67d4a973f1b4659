#include "run/soak_run.hpp"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <system_error>

#include "record/identity.hpp"
#include "record/record_file.hpp"
#include "record/user_error.hpp"
#include "run/binaries.hpp"
#include "run/child_environment.hpp"
#include "run/child_process.hpp"
#include "run/collect.hpp"
#include "run/fingerprint.hpp"
#include "run/git_state.hpp"
#include "run/progress.hpp"
#include "run/record_writer.hpp"

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

std::string quoted_for_shell(const std::string& text) {
  if (!text.empty() &&
      text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./=:,+-") ==
          std::string::npos)
    return text;
  std::string quoted = "'";
  for (const char letter : text) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string rerun_command(const record::Scenario& scenario, const config::Config& config) {
  auto command = fmt::format(
      "soak run {} {}", quoted_for_shell(scenario.binary),
      quoted_for_shell("--benchmark_filter=^" + record::escaped_for_filter(scenario.benchmark_name) + "$"));
  if (!config.file.empty()) command += " --config " + quoted_for_shell(config.file.string());
  return command;
}

class ScenarioRunner {
 public:
  ScenarioRunner(const RunRequest& request, const config::Config& config, RunOutcome& outcome, RecordWriter& writer,
                 Progress& progress)
      : request_(request), config_(config), outcome_(outcome), writer_(writer), progress_(progress) {}

  /// False when the user interrupted.
  bool run(std::size_t index) {
    auto& scenario = outcome_.run.scenarios[index];
    progress_.begin_scenario(scenario, index);
    for (std::size_t i = 0; i < scenario.repetitions.size(); ++i)
      if (!run_repetition(scenario, i)) return false;
    while (const auto iterations = next_length(scenario))
      if (!run_scaled(scenario, *iterations)) return false;
    return true;
  }

  /// Keeps what went wrong with the disk, once: measuring goes on, and the run ends with a verdict all the same.
  void save() {
    try_to_write([this] { writer_.save(outcome_.run); });
  }

 private:
  bool run_repetition(record::Scenario& scenario, std::size_t index) {
    scenario.repetitions[index].ending = record::Ending::running;
    save();
    const auto files = files_for(scenario, index);
    const auto child =
        run_child(child_plan(scenario, index, files), [this](double seconds) { progress_.tick(seconds); });
    if (!child.log_error.empty()) note_disk_error(child.log_error);
    auto& repetition = scenario.repetitions[index] = collect_repetition(scenario, child, files);
    repetition.log = writer_.log_file(scenario, index).string();
    keep_benchmark_rows(files, index, scenario.repetitions.size());
    save();
    progress_.end_repetition(scenario, repetition);
    return !child.interrupted;
  }

  [[nodiscard]] std::optional<std::int64_t> next_length(const record::Scenario& scenario) const {
    return request_.next_run_length ? request_.next_run_length(scenario) : std::nullopt;
  }

  /// The same scenario at another length. Its rows stay out of benchmark.json, which is what was planned.
  bool run_scaled(record::Scenario& scenario, std::int64_t iterations) {
    auto scaled = scenario;
    scaled.planned_iterations = iterations;
    const auto index = scenario.repetitions.size() + scenario.scaled_runs.size();
    progress_.begin_scaled_run(iterations);
    const auto files = files_for(scaled, index);
    const auto child =
        run_child(child_plan(scaled, index, files), [this](double seconds) { progress_.tick(seconds); });
    if (child.interrupted) return false;
    auto repetition = collect_repetition(scaled, child, files);
    repetition.log = writer_.log_file(scenario, index).string();
    scenario.scaled_runs.push_back({iterations, std::move(repetition)});
    save();
    return true;
  }

  [[nodiscard]] ChildFiles files_for(const record::Scenario& scenario, std::size_t index) const {
    const auto name = fmt::format("{}.{}", record::file_name_of(scenario.name), index + 1);
    return {writer_.work_folder() / (name + ".json"), writer_.work_folder() / (name + ".region")};
  }

  [[nodiscard]] ChildPlan child_plan(const record::Scenario& scenario, std::size_t index,
                                     const ChildFiles& files) const {
    const auto settings = config_.settings_for(scenario.name);
    auto additions = settings.env;
    additions["SOAK_REGION"] = files.region.string();
    if (const auto count = request_.checkpoint_count ? request_.checkpoint_count : config_.checkpoint_count)
      additions["SOAK_CHECKPOINTS"] = std::to_string(*count);
    if (scenario.planned_iterations && scenario.planned_iterations != record::iterations_in(scenario.benchmark_name))
      additions["SOAK_ITERATIONS"] = std::to_string(*scenario.planned_iterations);
    return {
        .executable = scenario.binary,
        .arguments = {"--benchmark_filter=" + record::exact_filter(scenario.name),
                      "--benchmark_out=" + files.benchmark_json.string(), "--benchmark_out_format=json"},
        .environment = child_environment(additions),
        .log = writer_.folder() / writer_.log_file(scenario, index),
        .timeout = settings.timeout,
    };
  }

  void keep_benchmark_rows(const ChildFiles& files, std::size_t index, std::size_t repetitions) {
    std::ifstream stream(files.benchmark_json, std::ios::binary);
    const std::string json{std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
    add_build_fingerprint(outcome_.run.fingerprint, json);
    try_to_write([&] { writer_.add_benchmark_rows(outcome_.run, json, index, repetitions); });
  }

  template <typename Write>
  void try_to_write(Write write) {
    try {
      write();
    } catch (const std::system_error& error) {
      note_disk_error(error.what());
    }
  }

  void note_disk_error(const std::string& error) {
    if (outcome_.record_error.empty()) progress_.note(error);
    outcome_.record_error = error;
  }

  const RunRequest& request_;
  const config::Config& config_;
  RunOutcome& outcome_;
  RecordWriter& writer_;
  Progress& progress_;
};

record::Run planned_run(const RunRequest& request, const config::Config& config) {
  auto listings = list_requested(request, config);
  config.require_tables_match(listings.known);
  record::Run run;
  run.scenarios = plan_scenarios(listings.to_run, config, request.plan);
  run.known_scenarios = std::move(listings.known);
  for (auto& scenario : run.scenarios) scenario.rerun_command = rerun_command(scenario, config);
  return run;
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
  run.started_at = writer.started_at();
  run.commit = git.commit;
  run.dirty = git.dirty;
  run.fingerprint = machine_fingerprint();

  ScenarioRunner runner(request, config, outcome, writer, progress);
  progress.begin_run(run);
  for (std::size_t i = 0; i < run.scenarios.size() && !run.interrupted; ++i) run.interrupted = !runner.run(i);
  run.completed = !run.interrupted;
  runner.save();
  writer.close();
  return outcome;
}

}  // namespace soak::run
