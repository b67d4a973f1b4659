#include "base/files.hpp"
#include "record/attribution_json.hpp"
#include "record/checkpoint_fields.hpp"
#include "record/json_members.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

using Json = nlohmann::ordered_json;

using record::json_of;  // of what attribution_json.hpp has
Json json_of(const Checkpoint& checkpoint);
Json json_of(const ProcessFigures& process);
Json json_of(const Repetition& repetition);
Json json_of(const ScaledRun& run);
Json json_of(const Scenario& scenario);

template <typename Item>
Json list_of(const std::vector<Item>& items) {
  auto list = Json::array();
  for (const auto& item : items) list.push_back(json_of(item));
  return list;
}

Json json_of(const Checkpoint& checkpoint) {
  Json json{{"kind", to_string(checkpoint.kind)}};
  put_unless_empty(json, "label", checkpoint.label);
  json["iteration"] = checkpoint.iteration;
  put(json, "elapsed_seconds", checkpoint.elapsed_seconds);
  put(json, "cpu_percent", checkpoint.cpu_percent);
  for (const auto& [name, member] : checkpoint_fields) put(json, std::string(name).c_str(), checkpoint.*member);
  return json;
}

Json json_of(const ProcessFigures& process) {
  return {{"name", process.name},
          {"pid", process.pid},
          {"rss_bytes", process.rss_bytes},
          {"threads", process.threads},
          {"open_files", process.open_files}};
}

Json json_of(const Repetition& repetition) {
  Json json{{"ending", to_string(repetition.ending)}};
  put(json, "exit_status", repetition.exit_status);
  put(json, "signal", repetition.signal);
  put_unless_empty(json, "message", repetition.message);
  put(json, "wall_seconds", repetition.wall_seconds);
  put_unless_empty(json, "log", repetition.log);
  put_unless_empty(json, "output_tail", repetition.output_tail);
  put(json, "iterations", repetition.iterations);
  put(json, "iteration_time_ns", repetition.iteration_time_ns);
  put(json, "iteration_cpu_time_ns", repetition.iteration_cpu_time_ns);
  put(json, "preemptions", repetition.preemptions);
  put(json, "rss_before_trim_bytes", repetition.rss_before_trim_bytes);
  put(json, "rss_after_trim_bytes", repetition.rss_after_trim_bytes);
  put(json, "baseline_rss_before_trim_bytes", repetition.baseline_rss_before_trim_bytes);
  put(json, "baseline_rss_after_trim_bytes", repetition.baseline_rss_after_trim_bytes);
  put(json, "setup_growth_bytes", repetition.setup_growth_bytes);
  put(json, "teardown_growth_bytes", repetition.teardown_growth_bytes);
  put(json, "open_files_limit", repetition.open_files_limit);
  put(json, "max_rss_bytes", repetition.max_rss_bytes);
  put_unless_empty(json, "heap_unavailable", repetition.heap_unavailable);
  json["checkpoints_dropped"] = repetition.checkpoints_dropped;
  json["checkpoints"] = list_of(repetition.checkpoints);
  if (!repetition.processes.empty()) json["processes"] = list_of(repetition.processes);
  if (!repetition.types.empty()) json["types"] = list_of(repetition.types);
  if (repetition.attribution) json["attribution"] = json_of(*repetition.attribution);
  return json;
}

Json json_of(const ScaledRun& run) {
  return {{"iterations", run.iterations}, {"repetition", json_of(run.repetition)}};
}

Json json_of(const Scenario& scenario) {
  Json json{{"name", scenario.name}, {"benchmark_name", scenario.benchmark_name}, {"binary", scenario.binary}};
  put(json, "planned_iterations", scenario.planned_iterations);
  json["threads"] = scenario.threads;
  if (scenario.is_fixed) json["is_fixed"] = true;
  if (scenario.is_program) json["is_program"] = true;
  if (scenario.measured != Measured::in_loop) json["measured"] = spelling_of(measured_ways, scenario.measured);
  if (!scenario.notes.empty()) json["notes"] = scenario.notes;
  put_unless_empty(json, "rerun_command", scenario.rerun_command);
  json["repetitions"] = list_of(scenario.repetitions);
  if (!scenario.scaled_runs.empty()) json["scaled_runs"] = list_of(scenario.scaled_runs);
  if (scenario.explained_run) json["explained_run"] = json_of(*scenario.explained_run);
  return json;
}

Json json_of(const Run& run) {
  Json json{{"schema_version", schema_version}, {"id", run.id}};
  put_unless_empty(json, "uid", run.uid);
  json.update({{"started_at", run.started_at},
               {"commit", run.commit},
               {"dirty", run.dirty},
               {"completed", run.completed},
               {"interrupted", run.interrupted},
               {"jobs", run.jobs},
               {"fingerprint", run.fingerprint},
               {"known_scenarios", run.known_scenarios},
               {"scenarios", list_of(run.scenarios)}});
  return json;
}

}  // namespace

std::string to_json(const Run& run) {
  return json_of(run).dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_string(CheckpointKind kind) { return std::string(spelling_of(checkpoint_kinds, kind)); }

std::string to_string(SiteKind kind) { return std::string(spelling_of(site_kinds, kind)); }
std::string to_string(TypeSource source) { return std::string(spelling_of(type_sources, source)); }

std::string to_string(Ending ending) { return std::string(spelling_of(endings, ending)); }

void write_run(const Run& run, const std::filesystem::path& folder) {
  write_atomically(folder / "run.json", to_json(run));
}

}  // namespace soak::record
