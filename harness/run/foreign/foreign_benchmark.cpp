#include "run/foreign/foreign_benchmark.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "process/child_process.hpp"
#include "record/record_file.hpp"
#include "region/region_reader.hpp"
#include "run/program/inspect.hpp"
#include "run/program/samples.hpp"

namespace soak::run {
namespace {

using record::Ending;

/// Two lengths four times as long each stay below what confirming goes up to.
constexpr std::int64_t longest_first = 60'000;
/// Enough that the iterations tried out before the first pass do not count for much.
constexpr std::int64_t passes_at_first = 4;

struct Rows {
  std::int64_t iterations = 0;  ///< Of all passes that are reported.
  double iteration_time_ns = 0;
  std::string error;
};

double nanoseconds_in(const std::string& unit) {
  return unit == "s" ? 1e9 : unit == "ms" ? 1e6 : unit == "us" ? 1e3 : 1;
}

void add_row(const nlohmann::json& row, Rows& rows) {
  if (row.value("run_type", "iteration") != "iteration") return;
  if (row.value("error_occurred", false) || !row.value("skip_message", "").empty())
    rows.error = row.value("error_message", row.value("skip_message", "an error without a message"));
  rows.iterations += row.value("iterations", std::int64_t{0});
  rows.iteration_time_ns = row.value("real_time", 0.0) * nanoseconds_in(row.value("time_unit", "ns"));
}

/// Throws what nlohmann throws where a row is none.
Rows rows_in(const std::string& text) {
  Rows rows;
  const auto document = nlohmann::json::parse(text);
  for (const auto& row : document.at("benchmarks")) add_row(row, rows);
  if (rows.iterations == 0 && rows.error.empty()) rows.error = "it has no row";
  return rows;
}

void fail(record::Repetition& repetition, std::string message) {
  if (repetition.ending != Ending::finished) return;
  repetition.ending = Ending::failed;
  repetition.message = std::move(message);
}

void take_rows(record::Repetition& repetition, const ForeignRun& run, const ChildFiles& files) {
  try {
    const auto rows = rows_in(benchmark_json_of(files));
    if (!rows.error.empty()) return fail(repetition, rows.error);
    repetition.iterations = rows.iterations;
    repetition.iteration_time_ns = rows.iteration_time_ns;
    if (run.iterations > 0 && 2 * rows.iterations < run.iterations)
      fail(repetition,
           fmt::format("ran {} iterations when {} were asked for: its code fixes both its iterations and its "
                       "repetitions, so it cannot be scaled",
                       rows.iterations, run.iterations));
  } catch (const nlohmann::json::exception&) {
    fail(repetition, fmt::format("exited with status {} without complete Google Benchmark JSON",
                                 repetition.exit_status.value_or(0)));
  }
}

}  // namespace

bool is_foreign(const std::filesystem::path& binary) {
  const auto libraries = needed_libraries(binary);
  return libraries && std::ranges::count(*libraries, "libsoak_probe.so") == 0;
}

bool takes_iterations(const std::filesystem::path& binary) {
  return process::capture(binary, {"--help"}).output.find("<integer>x") != std::string::npos;
}

ForeignRun after_first_look(ForeignRun run, std::int64_t iterations_found) {
  const auto most = run.by_iterations ? longest_first : longest_first / passes_at_first;
  run.iterations_a_pass = std::clamp<std::int64_t>(iterations_found, 1, most);
  if (iterations_found > most) run.pass_seconds *= static_cast<double>(most) / static_cast<double>(iterations_found);
  run.iterations = run.iterations_a_pass * (run.by_iterations ? 1 : passes_at_first);
  return run;
}

std::vector<std::string> length_flags(const ForeignRun& run) {
  const auto pass_time = fmt::format("--benchmark_min_time={:.9f}", run.pass_seconds);
  if (run.iterations == 0) return {pass_time, "--benchmark_repetitions=1"};
  if (run.by_iterations)
    return {fmt::format("--benchmark_min_time={}x", run.iterations), "--benchmark_repetitions=1"};
  const auto repetitions =
      std::max<std::int64_t>(1, run.iterations / std::max<std::int64_t>(1, run.iterations_a_pass));
  return {pass_time, fmt::format("--benchmark_repetitions={}", repetitions),
          "--benchmark_report_aggregates_only=false"};
}

record::Repetition collect_foreign(const ForeignRun& run, const process::ChildOutcome& outcome,
                                   const ChildFiles& files) {
  auto repetition = repetition_of(outcome);
  take_rows(repetition, run, files);
  if (outcome.exit_status.value_or(0) != 0)
    fail(repetition, fmt::format("exited with status {}", *outcome.exit_status));
  const auto region = region::read_region(files.region);
  repetition.heap_unavailable =
      region ? region->heap_unavailable : "the probe left no region: the binary was started without it";
  repetition.checkpoints = ends_of(region, {}, repetition.iterations.value_or(0));
  return repetition;
}

}  // namespace soak::run
