#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "record/benchmark_checkpoints.hpp"
#include "record/identity.hpp"
#include "record/read_run.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

// Of the context: what differs from run to run on one machine, or has a place of its own in Run.
constexpr std::array not_fingerprint{"date", "host_name",           "executable",  "commit",     "dirty",
                                     "id",   "json_schema_version", "mhz_per_cpu", "started_at", "command"};

double nanoseconds_of(const JsonSpot& unit) {
  const auto name = unit.text();
  if (name == "ns") return 1;
  if (name == "us") return 1e3;
  if (name == "ms") return 1e6;
  if (name == "s") return 1e9;
  unit.refuse(fmt::format("unknown unit of time '{}'", name));
}

bool is_true(const JsonSpot& row, std::string_view key) {
  const auto flag = row.find(key);
  return flag && flag->boolean();
}

// Google Benchmark 1.7.1 and later name an error so; `skipped` is what 1.8.0 added for SkipWithMessage.
std::optional<std::string> error_of(const JsonSpot& row) {
  for (const auto& [flag, message] : {std::pair{"error_occurred", "error_message"}, {"skipped", "skip_message"}}) {
    if (!is_true(row, flag)) continue;
    const auto said = row.find(message);
    if (said && !said->text().empty()) return said->text();
    return "the scenario reported an error without a message";
  }
  return {};
}

std::optional<double> time_in(const JsonSpot& row, std::string_view key) {
  const auto time = row.find(key);
  const auto unit = row.find("time_unit");
  if (!time || !unit) return {};
  return time->number() * nanoseconds_of(*unit);
}

std::optional<std::int64_t> count_in(const JsonSpot& row, std::string_view key) {
  const auto counter = row.find(key);
  return counter ? std::optional(counter->count()) : std::nullopt;
}

bool has_heap(const Repetition& repetition) {
  return std::ranges::any_of(repetition.checkpoints, [](const auto& c) { return c.heap_bytes.has_value(); });
}

void read_counters(const JsonSpot& row, Repetition& repetition) {
  auto [checkpoints, problem] = unpack_checkpoints(row);
  repetition.checkpoints = std::move(checkpoints);
  repetition.iterations = count_in(row, "iterations");
  const auto own_time = row.find("iteration_time_ns");
  repetition.iteration_time_ns = own_time ? std::optional(own_time->number()) : time_in(row, "real_time");
  repetition.iteration_cpu_time_ns = time_in(row, "cpu_time");
  repetition.rss_before_trim_bytes = count_in(row, "rss_before_trim_bytes");
  repetition.rss_after_trim_bytes = count_in(row, "rss_after_trim_bytes");
  if (!problem.empty()) {
    repetition.ending = Ending::failed;
    repetition.message = problem;
    return;
  }
  auto& final = repetition.checkpoints.back();
  if (!final.peak_rss_bytes) final.peak_rss_bytes = count_in(row, "rss_peak_bytes");
  if (!final.heap_peak_bytes) final.heap_peak_bytes = count_in(row, "heap_peak_bytes");
  if (!has_heap(repetition))
    repetition.heap_unavailable = "its counters hold no heap figures: the probe was not active";
}

Repetition repetition_of(const JsonSpot& row) {
  Repetition repetition;
  repetition.ending = Ending::finished;
  if (const auto error = error_of(row)) {
    repetition.ending = Ending::failed;
    repetition.message = *error;
  } else {
    read_counters(row, repetition);
  }
  return repetition;
}

// "iteration" in all versions that have the key; aggregates are computed from the rows we read.
bool is_measurement(const JsonSpot& row) {
  const auto type = row.find("run_type");
  return !type || type->text() == "iteration";
}

Scenario& scenario_of(Run& run, const std::string& benchmark_name) {
  const auto name = identity_of(benchmark_name);
  const auto known = std::ranges::find(run.scenarios, name, &Scenario::name);
  if (known != run.scenarios.end()) return *known;
  Scenario scenario;
  scenario.name = name;
  scenario.benchmark_name = benchmark_name;
  scenario.planned_iterations = iterations_in(benchmark_name);
  scenario.threads = threads_in(benchmark_name);
  return run.scenarios.emplace_back(std::move(scenario));
}

std::string scalar_text(const nlohmann::json& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

void read_context(const JsonSpot& context, Run& run) {
  for (const auto& [key, member] : context.members()) {
    if (key == "commit") run.commit = scalar_text(member.value());
    if (key == "dirty") run.dirty = scalar_text(member.value()) == "true";
    if (key == "executable")
      for (auto& scenario : run.scenarios) scenario.binary = scalar_text(member.value());
    if (key == "date") run.started_at = scalar_text(member.value());
    if (member.value().is_primitive() && std::ranges::count(not_fingerprint, key) == 0)
      run.fingerprint[key] = scalar_text(member.value());
  }
}

}  // namespace

Run run_from_benchmark_document(const nlohmann::json& document, const std::string& origin) {
  const JsonSpot json(document, origin);
  Run run;
  run.id = origin;
  run.completed = true;
  for (const auto& row : json.at("benchmarks").elements())
    if (is_measurement(row)) scenario_of(run, row.at("name").text()).repetitions.push_back(repetition_of(row));
  if (const auto context = json.find("context")) read_context(*context, run);
  if (run.scenarios.empty())
    throw UnreadableRecord(
        fmt::format("{}: holds no measurement: the filter matched nothing, or only aggregates were "
                    "kept; run without --benchmark_report_aggregates_only and check the filter",
                    origin));
  return run;
}

Run run_from_benchmark_json(std::string_view json, const std::string& origin) {
  return run_from_benchmark_document(parse_document(json, origin), origin);
}

}  // namespace soak::record
