#include "record/benchmark_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <tuple>

#include "record/identity.hpp"
#include "record/json_document.hpp"
#include "record/record_file.hpp"
#include "record/record_names.hpp"

namespace soak::record {

namespace {

struct CounterName {
  std::optional<std::size_t> number;  ///< Of cp07.rss_bytes: 7. Empty for labelled ones.
  std::string_view label;             ///< Of cp.after_cleanup.rss_bytes: after_cleanup.
  std::string_view field;
};

// Splits "cp07.rss_bytes" and "cp.after_cleanup.rss_bytes"; empty for every other key of a row.
std::optional<CounterName> split(std::string_view key) {
  const auto dot = key.find('.');
  if (!key.starts_with("cp") || dot == std::string_view::npos) return {};
  const auto number = key.substr(2, dot - 2);
  const auto rest = key.substr(dot + 1);
  if (number.empty()) {
    const auto second_dot = rest.find('.');
    if (second_dot == std::string_view::npos) return {};
    return CounterName{{}, rest.substr(0, second_dot), rest.substr(second_dot + 1)};
  }
  std::size_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error != std::errc{} || end != number.data() + number.size()) return {};
  return CounterName{value, {}, rest};
}

struct Unpacked {
  Checkpoint checkpoint;
  bool has_iteration = false;
};

void read_field(Unpacked& into, std::string_view field, const JsonSpot& counter) {
  if (field == "iteration") {
    into.checkpoint.iteration = counter.count();
    into.has_iteration = true;
  } else if (field == "elapsed_seconds") {
    into.checkpoint.elapsed_seconds = counter.number();
  } else if (field == "cpu_percent") {
    into.checkpoint.cpu_percent = counter.number();
  } else {
    for (const auto& [name, member] : checkpoint_fields)
      if (name == field) into.checkpoint.*member = counter.reading();
  }
}

std::string problem_with(const std::map<std::size_t, Unpacked>& numbered) {
  if (numbered.empty()) return "it has no soak counters: its loop does not go through soak::checkpoints(state)";
  if (numbered.size() == 1) return "it has one checkpoint, not a series: its loop was left before its end";
  std::size_t expected = 0;
  for (const auto& [number, unpacked] : numbered) {
    if (number != expected++) return fmt::format("its checkpoint {} is missing", expected - 1);
    if (!unpacked.has_iteration) return fmt::format("its checkpoint {} does not say its iteration", number);
  }
  return {};
}

struct UnpackedCheckpoints {
  std::vector<Checkpoint> checkpoints;  ///< In the order taken: baseline first, final last.
  std::string problem;                  ///< Why they are not a series, as a sentence; empty if they are.
};

/// `row` is one element of "benchmarks". Throws UnreadableRecord if a counter is not a whole number.
UnpackedCheckpoints unpack_checkpoints(const JsonSpot& row) {
  std::map<std::size_t, Unpacked> numbered;
  std::map<std::string, Unpacked, std::less<>> labelled;
  for (const auto& [key, counter] : row.members()) {
    if (const auto name = split(key))
      read_field(name->number ? numbered[*name->number] : labelled[std::string(name->label)], name->field, counter);
  }

  UnpackedCheckpoints result{{}, problem_with(numbered)};
  for (auto& [number, unpacked] : numbered) {
    unpacked.checkpoint.kind = number == 0 ? CheckpointKind::baseline : CheckpointKind::interval;
    result.checkpoints.push_back(unpacked.checkpoint);
  }
  if (result.problem.empty()) result.checkpoints.back().kind = CheckpointKind::final;
  for (auto& [label, unpacked] : labelled) {
    unpacked.checkpoint.kind = CheckpointKind::labelled;
    unpacked.checkpoint.label = label;
    result.checkpoints.push_back(unpacked.checkpoint);
  }
  const auto position = [](const Checkpoint& checkpoint) {
    return std::tuple(checkpoint.kind == CheckpointKind::final, checkpoint.kind != CheckpointKind::baseline,
                      checkpoint.iteration);
  };
  std::ranges::stable_sort(result.checkpoints, {}, position);
  return result;
}

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

// Google Benchmark 1.7.1 and later name an error so; `skipped` is what 1.8.0 added for SkipWithMessage.
std::optional<std::string> error_of(const JsonSpot& row) {
  for (const auto& [flag, message] : {std::pair{"error_occurred", "error_message"}, {"skipped", "skip_message"}}) {
    if (!flag_in(row, flag)) continue;
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
