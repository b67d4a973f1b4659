#include <fmt/format.h>

#include <set>

#include "record/attribution_json.hpp"
#include "record/checkpoint_fields.hpp"
#include "record/json_members.hpp"
#include "record/read_run.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

constexpr int most_threads = 1 << 20;

// Of either sign.
std::optional<std::int64_t> change_in(const JsonSpot& object, std::string_view key) {
  const auto member = object.find(key);
  return member ? std::optional(member->reading()) : std::nullopt;
}

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
  repetition.setup_growth_bytes = change_in(json, "setup_growth_bytes");
  repetition.teardown_growth_bytes = change_in(json, "teardown_growth_bytes");
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

}  // namespace

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

Run run_from_json(std::string_view json, const std::string& origin) {
  return run_from_document(parse_document(json, origin), origin);
}

}  // namespace soak::record
