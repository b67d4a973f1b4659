#include "run/collect.hpp"

#include <fmt/format.h>
#include <sys/resource.h>

#include <cstring>

#include "base/files.hpp"
#include "base/units.hpp"
#include "record/benchmark_json.hpp"
#include "record/identity.hpp"
#include "record/record_file.hpp"
#include "region/region_reader.hpp"
#include "run/attribution.hpp"

namespace soak::run {
using record::Ending;
namespace {

using record::Repetition;

void fail(Repetition& repetition, std::string message) {
  if (repetition.ending != Ending::finished) return;  // the first reason is the one that matters
  repetition.ending = Ending::failed;
  repetition.message = std::move(message);
}

void take_outcome(Repetition& repetition, const process::ChildOutcome& outcome) {
  repetition.exit_status = outcome.exit_status;
  repetition.signal = outcome.signal;
  repetition.wall_seconds = outcome.wall_seconds;
  repetition.output_tail = outcome.output_tail;
  repetition.ending = Ending::finished;
  if (!outcome.start_error.empty()) {
    fail(repetition, fmt::format("could not be started: {}", outcome.start_error));
  } else if (outcome.interrupted) {
    repetition.ending = Ending::interrupted;
    repetition.message = "was ended because the run was interrupted";
  } else if (outcome.exceeded_memory_bytes) {
    fail(repetition,
         fmt::format("was ended when it and what it had started held {} of resident memory, more than its "
                     "memory_limit",
                     format_bytes(static_cast<double>(*outcome.exceeded_memory_bytes))));
  } else if (outcome.timed_out) {
    repetition.ending = Ending::timed_out;
    repetition.message = fmt::format("did not end within its timeout; ended after {:.1f} s", outcome.wall_seconds);
  } else if (outcome.signal) {
    repetition.ending = Ending::crashed;
    repetition.message = fmt::format("died of signal {} ({})", *outcome.signal, strsignal(*outcome.signal));
  }
}

// A child inherits it from the runner.
std::optional<std::int64_t> open_files_limit() {
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur == RLIM_INFINITY) return {};
  return static_cast<std::int64_t>(files.rlim_cur);
}

void take_region(Collected& collected, const std::filesystem::path& file) {
  auto region = region::read_region(file);
  if (!region) return;
  collected.says_fixed = region->is_fixed;
  auto& repetition = collected.repetition;
  repetition.heap_unavailable = region->heap_unavailable;
  repetition.checkpoints_dropped = region->checkpoints_dropped;
  repetition.baseline_rss_before_trim_bytes = region->baseline_rss_before_trim_bytes;
  repetition.baseline_rss_after_trim_bytes = region->baseline_rss_after_trim_bytes;
  repetition.setup_growth_bytes = region->setup_growth_bytes;
  repetition.teardown_growth_bytes = region->teardown_growth_bytes;
  repetition.rss_before_trim_bytes = region->rss_before_trim_bytes;
  repetition.rss_after_trim_bytes = region->rss_after_trim_bytes;
  repetition.preemptions = region->preemptions;
  repetition.types = named_types(region::read_region_types(file).types, ProgramEnd::left_out);
  keep_most_grown(repetition.types);
  if (!region->checkpoints.empty()) repetition.checkpoints = std::move(region->checkpoints);
}

/// What is wrong, without the advice to whoever handed in the file.
std::string first_clause(const std::string& message) { return message.substr(0, message.find(';')); }

/// The one row that the child was to write. Throws UnreadableRecord where the file is no complete Google Benchmark
/// JSON.
Repetition row_of(const record::Scenario& scenario, const std::filesystem::path& file) {
  const auto run =
      record::run_from_benchmark_json(read_file(file, record::largest_file_bytes), file.filename().string());
  for (const auto& found : run.scenarios)
    if (found.name == scenario.name && found.repetitions.size() == 1) return found.repetitions.front();
  throw record::UnreadableRecord(fmt::format("it does not have exactly one row of '{}'", scenario.name));
}

void take_row(Repetition& repetition, const record::Scenario& scenario, const std::filesystem::path& file) {
  if (!std::filesystem::exists(file))
    return fail(repetition, fmt::format("exited with status {} without results: it wrote no Google Benchmark JSON",
                                        repetition.exit_status.value_or(0)));
  if (std::filesystem::file_size(file) == 0)
    return fail(repetition, fmt::format("exited with status {} without results: its Google Benchmark JSON is empty",
                                        repetition.exit_status.value_or(0)));
  try {
    auto row = row_of(scenario, file);
    repetition.iterations = row.iterations;
    repetition.iteration_time_ns = row.iteration_time_ns;
    repetition.iteration_cpu_time_ns = row.iteration_cpu_time_ns;
    if (repetition.checkpoints.empty()) repetition.checkpoints = std::move(row.checkpoints);
    if (row.ending != Ending::finished) fail(repetition, row.message);
  } catch (const record::UnreadableRecord& error) {
    fail(repetition, fmt::format("exited with status {} without complete results: {}",
                                 repetition.exit_status.value_or(0), first_clause(error.what())));
  }
}

void require_planned_iterations(Repetition& repetition, const record::Scenario& scenario) {
  if (!scenario.planned_iterations || !repetition.iterations) return;
  const auto wanted = *scenario.planned_iterations * scenario.threads;
  if (*repetition.iterations != wanted)
    fail(repetition, fmt::format("ran {} iterations instead of the {} planned", *repetition.iterations, wanted));
}

}  // namespace

Repetition repetition_of(const process::ChildOutcome& outcome) {
  Repetition repetition;
  take_outcome(repetition, outcome);
  return repetition;
}

Collected collect_repetition(const record::Scenario& scenario, const process::ChildOutcome& outcome,
                             const ChildFiles& files) {
  Collected collected{repetition_of(outcome)};
  auto& repetition = collected.repetition;
  repetition.open_files_limit = open_files_limit();
  take_region(collected, files.region);
  take_row(repetition, scenario, files.benchmark_json);
  require_planned_iterations(repetition, scenario);
  if (outcome.exit_status.value_or(0) != 0)
    fail(repetition, fmt::format("exited with status {}", *outcome.exit_status));
  return collected;
}

std::string benchmark_json_of(const ChildFiles& files) {
  try {
    return std::filesystem::exists(files.benchmark_json) ? read_file(files.benchmark_json, record::largest_file_bytes)
                                                         : std::string();
  } catch (const std::exception&) {
    return {};  // collect_repetition has said so
  }
}

ChildFiles child_files(const std::filesystem::path& work_folder, const record::Scenario& scenario,
                       std::size_t number) {
  const auto name = fmt::format("{}.{}", record::file_name_of(scenario.name), number + 1);
  return {work_folder / (name + ".json"), work_folder / (name + ".region")};
}

void remove_child_files(const ChildFiles& files) noexcept {
  std::error_code ignored;
  std::filesystem::remove(files.benchmark_json, ignored);
  std::filesystem::remove(files.region, ignored);
}

void take_unfinished_readings(record::Run& run, const std::filesystem::path& record_folder) {
  for (auto& scenario : run.scenarios)
    for (std::size_t i = 0; i < scenario.repetitions.size(); ++i) {
      auto& repetition = scenario.repetitions[i];
      if (repetition.ending != record::Ending::running) continue;
      if (auto region = region::read_region(child_files(record_folder / "work", scenario, i).region))
        repetition.checkpoints = std::move(region->checkpoints);
    }
}

}  // namespace soak::run
