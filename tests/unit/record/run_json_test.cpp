#include <gmock/gmock.h>

#include <limits>

#include "golden.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

// Every field has a value unlike every other, so that a mix-up cannot hide.
Checkpoint full_checkpoint() {
  Checkpoint c;
  c.kind = CheckpointKind::labelled;
  c.label = "nach dem Aufräumen";
  c.iteration = 500;
  c.elapsed_seconds = 0.25;
  c.cpu_percent = 99.5;
  c.rss_bytes = 1, c.vms_bytes = 2, c.peak_rss_bytes = 3, c.pss_bytes = 4, c.uss_bytes = 5;
  c.heap_bytes = 6, c.heap_blocks = 7, c.heap_peak_bytes = 8, c.allocations = 9, c.frees = 10;
  c.open_files = 11, c.open_regular_files = 12, c.open_sockets = 13, c.open_pipes = 14, c.open_others = 15;
  c.threads = 16, c.joinable_threads = 17, c.children = 18, c.zombies = 19;
  return c;
}

Run full_run() {
  Repetition repetition;
  repetition.ending = Ending::crashed;
  repetition.exit_status = 3;
  repetition.signal = 11;
  repetition.message = "ended by signal 11";
  repetition.wall_seconds = 1.5;
  repetition.log = "logs/A.log";
  repetition.output_tail = "last\nlines";
  repetition.iterations = 1000;
  repetition.iteration_time_ns = 42.5;
  repetition.iteration_cpu_time_ns = 41.5;
  repetition.preemptions = 3;
  repetition.rss_before_trim_bytes = 20;
  repetition.rss_after_trim_bytes = 21;
  repetition.baseline_rss_before_trim_bytes = 23;
  repetition.baseline_rss_after_trim_bytes = 24;
  repetition.setup_growth_bytes = 25;
  repetition.teardown_growth_bytes = -26;
  repetition.open_files_limit = 25;
  repetition.max_rss_bytes = 26;
  repetition.heap_unavailable = "SOAK_PROBE=off";
  repetition.checkpoints = {full_checkpoint(), Checkpoint{}};
  repetition.checkpoints_dropped = 22;

  Run run;
  run.id = "2026-08-01T00-00-00-abc";
  run.uid = "0123456789abcdef0123456789abcdef";
  run.started_at = "2026-08-01T00:00:00Z";
  run.commit = "abc";
  run.dirty = run.completed = run.interrupted = true;
  run.jobs = 3;
  run.fingerprint = {{"libc", "2.36"}, {"page_size", "4096"}};
  run.known_scenarios = {"A", "B"};
  run.scenarios = {
      {"A", "A/iterations:1000", "bin/soak_scenarios", 1000, 4, "soak run --x", {repetition}, {{4000, repetition}}}};
  run.scenarios.front().is_fixed = true;
  return run;
}

TEST(RunJson, EveryFieldComesBack) {
  const auto text = to_json(full_run());
  const auto back = run_from_json(text, "run.json");
  EXPECT_EQ(to_json(back), text);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).checkpoints.at(0).zombies, 19);
  EXPECT_EQ(back.jobs, 3);
  EXPECT_EQ(back.scenarios.at(0).threads, 4);
  EXPECT_TRUE(back.scenarios.at(0).is_fixed);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).baseline_rss_before_trim_bytes, 23);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).baseline_rss_after_trim_bytes, 24);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).setup_growth_bytes, 25);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).teardown_growth_bytes, -26);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).open_files_limit, 25);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).max_rss_bytes, 26);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).ending, Ending::crashed);
}

TEST(RunJson, OpensWithTheSchemaVersionAndNamesEveryFieldOfTheContract) {
  const auto text = to_json(full_run());
  EXPECT_TRUE(text.starts_with("{\n \"schema_version\": 1,\n")) << text.substr(0, 60);
  for (const auto* key : {"id",
                          "started_at",
                          "commit",
                          "dirty",
                          "completed",
                          "interrupted",
                          "jobs",
                          "fingerprint",
                          "known_scenarios",
                          "scenarios",
                          "name",
                          "benchmark_name",
                          "binary",
                          "planned_iterations",
                          "threads",
                          "rerun_command",
                          "is_fixed",
                          "repetitions",
                          "scaled_runs",
                          "repetition",
                          "ending",
                          "exit_status",
                          "signal",
                          "message",
                          "wall_seconds",
                          "log",
                          "output_tail",
                          "iterations",
                          "iteration_time_ns",
                          "iteration_cpu_time_ns",
                          "preemptions",
                          "rss_before_trim_bytes",
                          "rss_after_trim_bytes",
                          "baseline_rss_before_trim_bytes",
                          "baseline_rss_after_trim_bytes",
                          "setup_growth_bytes",
                          "teardown_growth_bytes",
                          "open_files_limit",
                          "max_rss_bytes",
                          "heap_unavailable",
                          "checkpoints",
                          "checkpoints_dropped",
                          "kind",
                          "label",
                          "iteration",
                          "elapsed_seconds",
                          "cpu_percent",
                          "rss_bytes",
                          "vms_bytes",
                          "peak_rss_bytes",
                          "pss_bytes",
                          "uss_bytes",
                          "heap_bytes",
                          "heap_blocks",
                          "heap_peak_bytes",
                          "allocations",
                          "frees",
                          "open_files",
                          "open_regular_files",
                          "open_sockets",
                          "open_pipes",
                          "open_others",
                          "joinable_threads",
                          "children",
                          "zombies"})
    EXPECT_THAT(text, HasSubstr("\"" + std::string(key) + "\":"));
}

TEST(RunJson, WhatWasNotMeasuredIsAbsentNotZero) {
  auto run = full_run();
  run.scenarios.at(0).repetitions = {Repetition{}};
  run.scenarios.at(0).repetitions.at(0).checkpoints = {Checkpoint{}};
  run.scenarios.at(0).scaled_runs.clear();
  const auto text = to_json(run);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("heap_bytes")), Not(HasSubstr("signal")), Not(HasSubstr("null"))));
  EXPECT_EQ(run_from_json(text, "x").scenarios.at(0).repetitions.at(0).checkpoints.at(0).heap_bytes, std::nullopt);
}

TEST(RunJson, HasNoNumberThatIsNoNumber) {
  auto run = full_run();
  auto& repetition = run.scenarios.at(0).repetitions.at(0);
  repetition.iteration_time_ns = std::numeric_limits<double>::quiet_NaN();
  repetition.checkpoints.at(0).cpu_percent = std::numeric_limits<double>::infinity();
  const auto text = to_json(run);
  EXPECT_THAT(text, AllOf(Not(HasSubstr("null")), Not(HasSubstr("nan"))));
  const auto back = run_from_json(text, "x");
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).iteration_time_ns, std::nullopt);
  EXPECT_EQ(back.scenarios.at(0).repetitions.at(0).checkpoints.at(0).cpu_percent, 0);
}

TEST(RunJson, OutputThatIsNoUtf8IsKeptAsFarAsItIs) {
  auto run = full_run();
  run.scenarios.at(0).repetitions.at(0).output_tail = "before \xff\xfe after";
  EXPECT_EQ(run_from_json(to_json(run), "x").scenarios.at(0).repetitions.at(0).output_tail,
            "before \uFFFD\uFFFD after");
}

std::string complaint_about(const std::string& json) {
  try {
    (void)run_from_json(json, "r/run.json");
  } catch (const UnreadableRecord& error) {
    return error.what();
  }
  return "accepted";
}

std::string with_scenario(const std::string& members) {
  return R"({"schema_version": 1, "scenarios": [{"name": "A", "repetitions": []}, {)" + members + "}]}";
}
std::string with_checkpoint(const std::string& members) {
  return with_scenario(R"("name": "B", "repetitions": [{"ending": "finished", "checkpoints": [{)" + members + "}]}]");
}

TEST(RunJson, WhatIsNoRecordIsRefusedWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {"{", "line 1, column 2"},
      {"{\n  \"schema_version\": 1,\n  \"sce", "line 3"},
      {R"({"schema_version": 1})", "'scenarios'"},
      {R"({"scenarios": []})", "'schema_version'"},
      {R"({"schema_version": "1", "scenarios": []})", "schema_version:"},
      {R"({"schema_version": 0, "scenarios": []})", "schema_version:"},
      {R"({"schema_version": 1.5, "scenarios": []})", "schema_version:"},
      {R"({"schema_version": 1, "scenarios": {}})", "scenarios:"},
      {R"([1])", ""},
      {R"({"schema_version": 1, "scenarios": [7]})", "scenarios[0]:"},
      {R"({"schema_version": 1, "completed": "yes", "scenarios": []})", "completed:"},
      {with_scenario(R"("repetitions": [])"), "scenarios[1]: 'name'"},
      {with_scenario(R"("name": "A", "repetitions": [])"), "scenarios[1]:"},
      {with_scenario(R"("name": "B")"), "scenarios[1]: 'repetitions'"},
      {with_scenario(R"("name": "B", "threads": 0, "repetitions": [])"), "scenarios[1].threads:"},
      {with_scenario(R"("name": "B", "repetitions": [{"ending": "gone"}])"), "scenarios[1].repetitions[0].ending:"},
      {with_checkpoint(R"("iteration": 0)"), "checkpoints[0]: 'kind'"},
      {with_checkpoint(R"("kind": "final")"), "checkpoints[0]: 'iteration'"},
      {with_checkpoint(R"("kind": "final", "iteration": -1)"), "checkpoints[0].iteration:"},
      {with_checkpoint(R"("kind": "final", "iteration": 1, "heap_bytes": "12")"), "checkpoints[0].heap_bytes:"},
      {with_checkpoint(R"("kind": "final", "iteration": 1, "rss_bytes": 1e300)"), "checkpoints[0].rss_bytes:"},
      {with_checkpoint(R"("kind": "final", "iteration": 1, "rss_bytes": NaN)"), ""},
      {with_checkpoint(R"("kind": "final", "iteration": 1, "rss_bytes": 1e999)"), ""},
      {std::string(100'000, '['), ""},
      {"\x7f"
       "ELF\x02\x01",
       ""},
  };
  std::string all;
  for (const auto& [json, place] : cases) {
    const auto complaint = complaint_about(json);
    EXPECT_THAT(complaint, AllOf(HasSubstr("r/run.json: "), HasSubstr(place))) << json.substr(0, 200);
    all += complaint + "\n";
  }
  expect_wording("", all);
}

TEST(RunJson, EveryTruncationIsRefused) {
  const auto text = to_json(full_run());
  for (std::size_t size = 0; size + 2 < text.size(); ++size)
    EXPECT_NE(complaint_about(text.substr(0, size)), "accepted") << size;
}

TEST(RunJson, ANewerSchemaIsNotGuessedAt) {
  const auto complaint = complaint_about(R"({"schema_version": 7, "scenarios": "elsewhere"})");
  EXPECT_THAT(complaint, AllOf(HasSubstr("7"), HasSubstr("1"), Not(HasSubstr("elsewhere"))));
  expect_wording("", complaint);
}

TEST(RunJson, UnknownKeysAreForALaterSoakAndIgnored) {
  EXPECT_EQ(complaint_about(with_checkpoint(R"("kind": "final", "iteration": 1, "mood": ["good"])")), "accepted");
}

}  // namespace
}  // namespace soak::record
