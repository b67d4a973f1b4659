#include "record/record_file.hpp"

#include <fmt/format.h>

#include <set>
#include <system_error>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "record/attribution_json.hpp"
#include "record/benchmark_json.hpp"
#include "record/json_document.hpp"
#include "record/record_names.hpp"

namespace soak::record {

namespace fs = std::filesystem;

namespace {

// A file that exists and cannot be read leaves nothing to judge, so that this is not a UserError.
std::string content_of(const fs::path& file) {
  try {
    return read_file(file, largest_file_bytes);
  } catch (const std::system_error& error) {
    throw UnreadableRecord(fmt::format("{}; check its permissions", error.what()));
  }
}

fs::path record_file_of(const fs::path& path) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw UserError(
        fmt::format("{}: there is no such file or folder; give a run record's folder, such as results/latest, "
                    "or a Google Benchmark JSON",
                    path.string()));
  if (!fs::is_directory(path, error)) return path;
  if (fs::exists(path / "run.json", error)) return path / "run.json";
  const auto hint = fs::exists(path / "latest", error)
                        ? fmt::format("did you mean {}?", (path / "latest").string())
                        : std::string("give a folder that soak run has written, or a Google Benchmark JSON");
  throw UnreadableRecord(fmt::format("{}: has no run.json, so it is no run record; {}", path.string(), hint));
}

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

constexpr int most_threads = 1 << 20;

std::optional<int> small_integer_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? std::optional(static_cast<int>(member->integer(-65536, 65536))) : std::nullopt;
}

Checkpoint checkpoint_of(const JsonSpot& json) {
  Checkpoint checkpoint;
  checkpoint.kind = enumerator_in(json, "kind", checkpoint_kinds);
  checkpoint.label = text_in(json, "label");
  checkpoint.iteration = json.at("iteration").count();
  checkpoint.elapsed_seconds = number_in(json, "elapsed_seconds").value_or(0);
  checkpoint.cpu_percent = number_in(json, "cpu_percent").value_or(0);
  for (const auto& [name, member] : checkpoint_fields)
    if (const auto read = json.find(name)) checkpoint.*member = read->reading();
  return checkpoint;
}

ProcessFigures process_of(const JsonSpot& json) {
  return {json.at("name").text(), json.at("pid").count(), json.at("rss_bytes").count(), json.at("threads").count(),
          json.at("open_files").count()};
}

Repetition repetition_of(const JsonSpot& json, StackBudget& budget) {
  Repetition repetition;
  repetition.ending = enumerator_in(json, "ending", endings);
  repetition.exit_status = small_integer_in(json, "exit_status");
  repetition.signal = small_integer_in(json, "signal");
  repetition.message = text_in(json, "message");
  repetition.wall_seconds = number_in(json, "wall_seconds").value_or(0);
  repetition.log = text_in(json, "log");
  repetition.output_tail = text_in(json, "output_tail");
  repetition.iterations = count_in(json, "iterations");
  repetition.iteration_time_ns = number_in(json, "iteration_time_ns");
  repetition.iteration_cpu_time_ns = number_in(json, "iteration_cpu_time_ns");
  repetition.preemptions = count_in(json, "preemptions");
  repetition.rss_before_trim_bytes = count_in(json, "rss_before_trim_bytes");
  repetition.rss_after_trim_bytes = count_in(json, "rss_after_trim_bytes");
  repetition.baseline_rss_before_trim_bytes = count_in(json, "baseline_rss_before_trim_bytes");
  repetition.baseline_rss_after_trim_bytes = count_in(json, "baseline_rss_after_trim_bytes");
  repetition.setup_growth_bytes = reading_in(json, "setup_growth_bytes");
  repetition.teardown_growth_bytes = reading_in(json, "teardown_growth_bytes");
  repetition.open_files_limit = count_in(json, "open_files_limit");
  repetition.max_rss_bytes = count_in(json, "max_rss_bytes");
  repetition.heap_unavailable = text_in(json, "heap_unavailable");
  repetition.checkpoints_dropped = count_in(json, "checkpoints_dropped").value_or(0);
  for (const auto& checkpoint : json.at("checkpoints").elements())
    repetition.checkpoints.push_back(checkpoint_of(checkpoint));
  if (const auto processes = json.find("processes"))
    for (const auto& process : processes->elements()) repetition.processes.push_back(process_of(process));
  if (const auto types = json.find("types"))
    for (const auto& type : types->elements()) repetition.types.push_back(live_type_of(type));
  if (const auto attribution = json.find("attribution"))
    repetition.attribution = attribution_of(*attribution, budget);
  return repetition;
}

ScaledRun scaled_run_of(const JsonSpot& json, StackBudget& budget) {
  return {json.at("iterations").count(), repetition_of(json.at("repetition"), budget)};
}

Scenario scenario_of(const JsonSpot& json, StackBudget& budget) {
  Scenario scenario;
  scenario.name = json.at("name").text();
  scenario.benchmark_name = text_in(json, "benchmark_name");
  scenario.binary = text_in(json, "binary");
  scenario.planned_iterations = count_in(json, "planned_iterations");
  if (const auto threads = json.find("threads"))
    scenario.threads = static_cast<int>(threads->integer(1, most_threads));
  scenario.is_fixed = flag_in(json, "is_fixed");
  scenario.is_program = flag_in(json, "is_program");
  if (json.find("measured")) scenario.measured = enumerator_in(json, "measured", measured_ways);
  if (const auto notes = json.find("notes"))
    for (const auto& note : notes->elements()) scenario.notes.push_back(note.text());
  scenario.rerun_command = text_in(json, "rerun_command");
  for (const auto& repetition : json.at("repetitions").elements())
    scenario.repetitions.push_back(repetition_of(repetition, budget));
  if (const auto scaled = json.find("scaled_runs"))
    for (const auto& run : scaled->elements()) scenario.scaled_runs.push_back(scaled_run_of(run, budget));
  if (const auto explained = json.find("explained_run")) scenario.explained_run = scaled_run_of(*explained, budget);
  return scenario;
}

void require_known_schema(const JsonSpot& json, const std::string& origin) {
  const auto version = json.at("schema_version").integer(1, 1'000'000);
  if (version > schema_version)
    throw UnreadableRecord(
        fmt::format("{}: was written by a newer soak (schema {}, this one knows {}): use that soak, or run the "
                    "scenarios again with "
                    "this one",
                    origin, version, schema_version));
}

Run run_from_document(const nlohmann::json& document, const std::string& origin) {
  const JsonSpot json(document, origin);
  require_known_schema(json, origin);
  Run run;
  run.id = text_in(json, "id");
  run.uid = text_in(json, "uid");
  run.started_at = text_in(json, "started_at");
  run.commit = text_in(json, "commit");
  run.dirty = flag_in(json, "dirty");
  run.completed = flag_in(json, "completed");
  run.interrupted = flag_in(json, "interrupted");
  if (const auto jobs = json.find("jobs")) run.jobs = static_cast<int>(jobs->integer(1, most_threads));
  if (const auto fingerprint = json.find("fingerprint"))
    for (const auto& [key, value] : fingerprint->members()) run.fingerprint[key] = value.text();
  if (const auto known = json.find("known_scenarios"))
    for (const auto& name : known->elements()) run.known_scenarios.push_back(name.text());
  StackBudget budget;
  std::set<std::string> names;
  for (const auto& spot : json.at("scenarios").elements()) {
    run.scenarios.push_back(scenario_of(spot, budget));
    if (!names.insert(run.scenarios.back().name).second)
      spot.refuse(fmt::format("a second scenario of the name '{}'", run.scenarios.back().name));
  }
  return run;
}

}  // namespace

Run load_run(const fs::path& path) {
  const auto file = record_file_of(path);
  const auto origin = file.string();
  const auto document = parse_document(content_of(file), origin);
  if (!document.is_object()) JsonSpot(document, origin).refuse("expected an object");
  if (document.contains("benchmarks") || document.contains("context"))
    return run_from_benchmark_document(document, origin);
  if (document.contains("schema_version") && document.contains("verdict"))
    throw UnreadableRecord(fmt::format("{}: is a verdict, not a run record; give the run.json beside it", origin));
  if (document.contains("schema_version")) return run_from_document(document, origin);
  throw UnreadableRecord(
      fmt::format("{}: is neither a run record nor Google Benchmark's JSON; give a folder that soak run "
                  "has written, or a file from --benchmark_out",
                  origin));
}

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

Run run_from_json(std::string_view json, const std::string& origin) {
  return run_from_document(parse_document(json, origin), origin);
}

}  // namespace soak::record
