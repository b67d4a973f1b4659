#include "history/measure.hpp"

#include <algorithm>
#include <cmath>
#include <system_error>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "history/compare.hpp"
#include "history/measurement.hpp"
#include "history/metric_change.hpp"
#include "record/json_document.hpp"
#include "record/record_file.hpp"
#include "record/spellings.hpp"
#include "verdict/heap_rule.hpp"
#include "verdict/verdict.hpp"

namespace soak::history {
namespace fs = std::filesystem;

namespace {

using record::Checkpoint;
using verdict::Evidence;
using verdict::Reading;

void add(Measurement& measurement, const std::string& metric, std::optional<double> value) {
  if (value && std::isfinite(*value)) measurement.figures[metric].push_back(*value);
}

std::optional<double> as_number(std::optional<std::int64_t> value) {
  return value ? std::optional(static_cast<double>(*value)) : std::nullopt;
}

std::optional<double> above_baseline(std::optional<std::int64_t> peak, const Evidence& evidence, Reading reading) {
  if (!peak || evidence.baseline == nullptr || !(evidence.baseline->*reading)) return {};
  return static_cast<double>(*peak - *(evidence.baseline->*reading));
}

/// Noise and rounding have no slope, so that two runs that differ only by them are equal.
std::optional<double> heap_slope(const Evidence& evidence) {
  const auto slope = verdict::heap_growth_per_iteration(evidence);
  return slope && verdict::is_heap_growth_noise(evidence) ? 0.0 : slope;
}

std::optional<double> allocations_per_iteration(const Evidence& evidence) {
  const auto allocations = evidence.growth(&Checkpoint::allocations);
  const auto iterations = evidence.last == nullptr ? 0 : evidence.last->iteration;
  if (!allocations || iterations <= 0) return {};
  return static_cast<double>(*allocations) / static_cast<double>(iterations);
}

void add_counted(Measurement& measurement, const Evidence& evidence) {
  if (!evidence.has_final()) return;
  const auto growth = [&evidence](Reading reading) { return as_number(evidence.growth(reading)); };
  add(measurement, "allocations_per_iteration", allocations_per_iteration(evidence));
  add(measurement, "heap_growth_bytes_per_iteration", heap_slope(evidence));
  add(measurement, "heap_growth_bytes", growth(&Checkpoint::heap_bytes));
  add(measurement, "heap_growth_blocks", growth(&Checkpoint::heap_blocks));
  add(measurement, "heap_blocks", as_number(evidence.last->heap_blocks));  // for rounding; not a metric
  add(measurement, "heap_peak_bytes",
      above_baseline(evidence.last->heap_peak_bytes, evidence, &Checkpoint::heap_bytes));
  add(measurement, "open_files_growth", growth(&Checkpoint::open_files));
  add(measurement, "threads_growth", growth(&Checkpoint::threads));
  add(measurement, "children_growth", growth(&Checkpoint::children));
  add(measurement, "rss_growth_bytes", growth(&Checkpoint::rss_bytes));
  add(measurement, "rss_peak_bytes", above_baseline(evidence.peak_rss_bytes(), evidence, &Checkpoint::rss_bytes));
}

/// Rows of a plain Google Benchmark have a time but no checkpoints; the record calls them failed for that.
bool has_time(const record::Repetition& repetition) {
  const bool plain_row = repetition.checkpoints.empty() && repetition.ending == record::Ending::failed;
  return repetition.iteration_time_ns && *repetition.iteration_time_ns > 0 &&
         (repetition.ending == record::Ending::finished || plain_row);
}

void add_repetition(Measurement& measurement, const Evidence& evidence) {
  const auto& repetition = evidence.repetition;
  if (has_time(repetition))
    add(measurement, is_time_disturbed(repetition) ? disturbed_time : "iteration_time_ns",
        repetition.iteration_time_ns);
  if (repetition.ending != record::Ending::finished) {
    if (measurement.trouble.empty() && !has_time(repetition))
      measurement.trouble = repetition.message.empty()
                                ? std::string(record::spelling_of(record::endings, repetition.ending))
                                : repetition.message;
    return;
  }
  add_counted(measurement, evidence);
  if (measurement.curves.iterations.empty()) measurement.curves = curves_of(repetition.checkpoints);
  if (measurement.iterations == 0 && evidence.last != nullptr) measurement.iterations = evidence.last->iteration;
}

void add_attribution(Measurement& measurement, const record::Scenario& scenario) {
  const record::Repetition* explained = scenario.explained_run ? &scenario.explained_run->repetition : nullptr;
  for (const auto& repetition : scenario.repetitions)
    if (explained == nullptr && repetition.attribution) explained = &repetition;
  if (explained == nullptr) explained = scenario.repetitions.empty() ? nullptr : &scenario.repetitions.front();
  if (explained == nullptr) return;
  measurement.has_sites = explained->attribution && explained->attribution->unavailable.empty();
  if (measurement.has_sites) measurement.sites = site_totals_of(*explained->attribution);
  measurement.has_types = !explained->types.empty();
  measurement.types = type_totals_of(explained->types);
}

Measurement measure_scenario(const record::Scenario& scenario, const Verdicts& verdicts,
                             const config::Config& config) {
  Measurement measurement;
  measurement.scenario = scenario.name;
  measurement.threads = scenario.threads;
  if (const auto verdict = verdicts.find(scenario.name); verdict != verdicts.end())
    measurement.verdict = verdict->second;
  const auto settings = config.settings_for(scenario.name);
  for (const auto& repetition : scenario.repetitions)
    add_repetition(measurement, Evidence(scenario, repetition, settings));
  if (measurement.iterations == 0) measurement.iterations = scenario.planned_iterations.value_or(0);
  if (scenario.repetitions.empty()) measurement.trouble = "the record holds no repetition of it";
  add_attribution(measurement, scenario);
  return measurement;
}

}  // namespace

MeasuredRun measure(const record::Run& run, const Verdicts& verdicts, const config::Config& config) {
  MeasuredRun measured;
  measured.info = {.uid = run.uid,
                   .id = run.id,
                   .started_at = run.started_at,
                   .commit = run.commit,
                   .dirty = run.dirty,
                   .completed = run.completed,
                   .fingerprint = run.fingerprint,
                   .record = {}};
  for (const auto& scenario : run.scenarios)
    measured.measurements.push_back(measure_scenario(scenario, verdicts, config));
  if (measured.info.uid.empty()) measured.info.uid = uid_by_content(measured);
  return measured;
}

// A record on disk, with the verdicts beside it.

namespace {

/// Empty if the file does not exist or does not belong to this run.
Verdicts read_verdicts(const fs::path& file, const std::string& run_id) {
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  try {
    const auto origin = file.string();
    const auto document = record::parse_document(read_file(file, record::largest_file_bytes), origin);
    const record::JsonSpot json(document, origin);
    if (json.at("run").text() != run_id) return {};
    Verdicts verdicts;
    for (const auto& scenario : json.at("scenarios").elements())
      verdicts[scenario.at("name").text()] = scenario.at("verdict").text();
    return verdicts;
  } catch (const std::exception&) {
    return {};  // it can be made again from the record
  }
}

bool has_soak_counters(const record::Run& run) {
  return std::ranges::any_of(run.scenarios, [](const record::Scenario& scenario) {
    return std::ranges::any_of(scenario.repetitions, [](const auto& r) { return !r.checkpoints.empty(); });
  });
}

fs::path folder_of(const fs::path& path) { return fs::is_directory(path) ? path : path.parent_path(); }

}  // namespace

Verdicts verdicts_of(const verdict::RunVerdict& verdict) {
  Verdicts verdicts;
  for (const auto& scenario : verdict.scenarios) verdicts[scenario.name] = verdict::to_string(scenario.verdict);
  return verdicts;
}

Verdicts judge_leniently(const record::Run& run, const config::Config& config) {
  try {
    return verdicts_of(verdict::judge(run, config));
  } catch (const UserError&) {
    auto without_names = run;
    without_names.known_scenarios.clear();
    return verdicts_of(verdict::judge(without_names, config));
  }
}

MeasuredRun load_measured(const fs::path& path, const config::Config& config) {
  const auto run = record::load_run(path);
  const bool is_record = fs::is_directory(path) || path.filename() == "run.json";
  Verdicts verdicts;
  if (is_record) verdicts = read_verdicts(folder_of(path) / "verdict.json", run.id);
  if (verdicts.empty() && (is_record || has_soak_counters(run))) verdicts = judge_leniently(run, config);
  auto measured = measure(run, verdicts, config);
  std::error_code ignored;
  const auto place = fs::canonical(is_record ? folder_of(path) : path, ignored);
  measured.info.record = (ignored ? path : place).string();
  return measured;
}

}  // namespace soak::history
