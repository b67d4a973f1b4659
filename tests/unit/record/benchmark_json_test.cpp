#include <fmt/format.h>
#include <gmock/gmock.h>

#include "golden.hpp"
#include "record/record_file.hpp"

namespace soak::record {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

Run run_of(const std::string& rows) {
  return run_from_benchmark_json(R"({"context": {"date": "2026-08-01T00:00:00+00:00", "executable": "./bin/s",
    "commit": "abc", "dirty": true, "libc": "2.36", "num_cpus": 2, "load_avg": [1, 2]}, "benchmarks": [)" +
                                     rows + "]}",
                                 "b.json");
}

// A row as Google Benchmark 1.7.1 prints it, doubles and all.
std::string row(const std::string& name, const std::string& members) {
  return fmt::format(R"({{"name": "{}", "run_name": "{}", "run_type": "iteration", "repetitions": 1, "threads": 1,
    "iterations": 1000, "real_time": 2.5000000000000000e+00, "cpu_time": 2.0, "time_unit": "us"{}{}}})",
                     name, name, members.empty() ? "" : ", ", members);
}

const std::string two_checkpoints = R"("cp00.iteration": 0.0, "cp00.rss_bytes": 4.0960000000000000e+03,
  "cp00.heap_bytes": 100.0, "cp01.iteration": 1.0e+03, "cp01.rss_bytes": 8192.0, "cp01.heap_bytes": 148.0)";

Repetition only_repetition(const Run& run) { return run.scenarios.at(0).repetitions.at(0); }

TEST(BenchmarkJson, ARowIsARepetitionOfItsIdentity) {
  const auto run = run_of(row("A/4/iterations:1000/threads:2", two_checkpoints));
  const auto& scenario = run.scenarios.at(0);
  EXPECT_EQ(scenario.name, "A/4/threads:2");
  EXPECT_EQ(scenario.benchmark_name, "A/4/iterations:1000/threads:2");
  EXPECT_EQ(scenario.planned_iterations, 1000);
  EXPECT_EQ(scenario.threads, 2);
  EXPECT_EQ(scenario.binary, "./bin/s");
  const auto& repetition = scenario.repetitions.at(0);
  EXPECT_EQ(repetition.ending, Ending::finished);
  EXPECT_EQ(repetition.iterations, 1000);
  EXPECT_EQ(repetition.iteration_time_ns, 2500);
  EXPECT_EQ(repetition.iteration_cpu_time_ns, 2000);
  EXPECT_TRUE(run.completed);
}

TEST(BenchmarkJson, TheContextIsTheFingerprint) {
  const auto run = run_of(row("A", two_checkpoints));
  EXPECT_EQ(run.commit, "abc");
  EXPECT_TRUE(run.dirty);
  EXPECT_EQ(run.started_at, "2026-08-01T00:00:00+00:00");
  EXPECT_EQ(run.fingerprint, (Fingerprint{{"libc", "2.36"}, {"num_cpus", "2"}}));
}

TEST(BenchmarkJson, NumberedCountersAreTheSeriesFromBaselineToFinal) {
  const auto checkpoints = only_repetition(run_of(row("A", two_checkpoints))).checkpoints;
  ASSERT_EQ(checkpoints.size(), 2U);
  EXPECT_EQ(checkpoints[0].kind, CheckpointKind::baseline);
  EXPECT_EQ(checkpoints[0].rss_bytes, 4096);
  EXPECT_EQ(checkpoints[1].kind, CheckpointKind::final);
  EXPECT_EQ(checkpoints[1].iteration, 1000);
  EXPECT_EQ(checkpoints[1].heap_bytes, 148);
  EXPECT_EQ(checkpoints[1].heap_blocks, std::nullopt);
}

TEST(BenchmarkJson, EveryFieldOfACheckpointIsRead) {
  std::string counters = two_checkpoints;
  const std::vector<std::pair<std::string, std::optional<std::int64_t> Checkpoint::*>> fields = {
      {"vms_bytes", &Checkpoint::vms_bytes},
      {"peak_rss_bytes", &Checkpoint::peak_rss_bytes},
      {"heap_blocks", &Checkpoint::heap_blocks},
      {"allocations", &Checkpoint::allocations},
      {"open_files", &Checkpoint::open_files},
      {"threads", &Checkpoint::threads},
      {"children", &Checkpoint::children},
      {"zombies", &Checkpoint::zombies},
      {"joinable_threads", &Checkpoint::joinable_threads}};
  for (std::size_t i = 0; i < fields.size(); ++i)
    counters += fmt::format(R"(, "cp01.{}": {}.0)", fields[i].first, 30 + i);
  counters += R"(, "cp01.cpu_percent": 99.5, "cp01.elapsed_seconds": 0.5, "cp01.mood": 7.0)";
  const auto final = only_repetition(run_of(row("A", counters))).checkpoints.at(1);
  for (std::size_t i = 0; i < fields.size(); ++i)
    EXPECT_EQ(final.*fields[i].second, static_cast<std::int64_t>(30 + i)) << fields[i].first;
  EXPECT_EQ(final.cpu_percent, 99.5);
  EXPECT_EQ(final.elapsed_seconds, 0.5);
}

TEST(BenchmarkJson, HundredsOfCheckpointsStayInOrder) {
  std::string counters;
  for (int i = 0; i < 250; ++i)
    counters +=
        fmt::format(R"({}"cp{:02}.iteration": {}.0, "cp{:02}.heap_bytes": 1.0)", i == 0 ? "" : ", ", i, i * 10, i);
  const auto checkpoints = only_repetition(run_of(row("A", counters))).checkpoints;
  ASSERT_EQ(checkpoints.size(), 250U);
  for (std::size_t i = 0; i < checkpoints.size(); ++i)
    EXPECT_EQ(checkpoints[i].iteration, static_cast<std::int64_t>(i) * 10);
}

TEST(BenchmarkJson, LabelledCheckpointsStandWhereTheyWereTaken) {
  const auto run = run_of(row(
      "A", two_checkpoints +
               R"(, "cp.half.iteration": 500.0, "cp.half.heap_bytes": 7.0, "cp.after_cleanup.iteration": 1000.0)"));
  std::vector<std::string> order;
  for (const auto& c : only_repetition(run).checkpoints) order.push_back(to_string(c.kind) + " " + c.label);
  EXPECT_THAT(order, ElementsAre("baseline ", "labelled half", "labelled after_cleanup", "final "));
  EXPECT_EQ(only_repetition(run).checkpoints.at(1).heap_bytes, 7);
}

TEST(BenchmarkJson, SummaryCountersFillInTheRest) {
  const auto run = run_of(row("A", two_checkpoints + R"(, "rss_peak_bytes": 9999.0, "heap_peak_bytes": 777.0,
    "iteration_time_ns": 2100.5, "rss_before_trim_bytes": 11.0, "rss_after_trim_bytes": 10.0)"));
  const auto repetition = only_repetition(run);
  EXPECT_EQ(repetition.iteration_time_ns, 2100.5);
  EXPECT_EQ(repetition.rss_before_trim_bytes, 11);
  EXPECT_EQ(repetition.rss_after_trim_bytes, 10);
  EXPECT_EQ(repetition.checkpoints.at(1).peak_rss_bytes, 9999);
  EXPECT_EQ(repetition.checkpoints.at(1).heap_peak_bytes, 777);
}

TEST(BenchmarkJson, WithoutHeapCountersSaysWhy) {
  const auto run =
      run_of(row("A", R"("cp00.iteration": 0, "cp00.rss_bytes": 1, "cp01.iteration": 1, "cp01.rss_bytes": 1)"));
  EXPECT_EQ(only_repetition(run).heap_unavailable, "its counters hold no heap figures: the probe was not active");
  EXPECT_EQ(only_repetition(run_of(row("A", two_checkpoints))).heap_unavailable, "");
}

TEST(BenchmarkJson, RowsOfOneNameAreRepetitionsAndAggregatesAreNone) {
  const auto run = run_of(row("A/repeats:2", two_checkpoints) + "," + row("B", two_checkpoints) + "," +
                          row("A/repeats:2", two_checkpoints) + R"(, {"name": "A_mean", "run_type": "aggregate"})");
  ASSERT_EQ(run.scenarios.size(), 2U);
  EXPECT_EQ(run.scenarios.at(0).repetitions.size(), 2U);
  EXPECT_EQ(run.scenarios.at(1).name, "B");
}

TEST(BenchmarkJson, AnErrorRowIsAFailureWithItsMessage) {
  for (const auto& [members, message] : std::vector<std::pair<std::string, std::string>>{
           {R"("error_occurred": true, "error_message": "no server")", "no server"},
           {R"("skipped": true, "skip_message": "no network")", "no network"}}) {
    const auto repetition = only_repetition(run_of(row("A", members)));
    EXPECT_EQ(repetition.ending, Ending::failed) << members;
    EXPECT_EQ(repetition.message, message);
  }
  const auto without = only_repetition(run_of(row("A", R"("error_occurred": true, "error_message": "")")));
  EXPECT_EQ(without.ending, Ending::failed);
  expect_wording("without a message", without.message);
  EXPECT_EQ(only_repetition(run_of(row("A", two_checkpoints + R"(, "error_occurred": false)"))).ending,
            Ending::finished);
}

TEST(BenchmarkJson, ARowWithoutASeriesIsAFailureNotAPass) {
  std::string all;
  for (const auto& [counters, missing] :
       std::vector<std::pair<std::string, std::string>>{{"", ""},
                                                        {R"("heap_growth_bytes": 0.0, "rss_growth_bytes": 0.0)", ""},
                                                        {R"("cp00.iteration": 0.0)", ""},
                                                        {R"("cp00.iteration": 0.0, "cp02.iteration": 9.0)", "1"},
                                                        {R"("cp01.iteration": 0.0, "cp02.iteration": 9.0)", "0"},
                                                        {R"("cp00.iteration": 0.0, "cp01.rss_bytes": 9.0)", "1"}}) {
    const auto repetition = only_repetition(run_of(row("A", counters)));
    EXPECT_EQ(repetition.ending, Ending::failed) << counters;
    EXPECT_THAT(repetition.message, HasSubstr(missing));
    all += repetition.message + "\n";
  }
  expect_wording("", all);
}

std::string complaint_about(const std::string& json) {
  try {
    (void)run_from_benchmark_json(json, "b.json");
  } catch (const UnreadableRecord& error) {
    return error.what();
  }
  return "accepted";
}

TEST(BenchmarkJson, WhatCannotBeReadIsRefusedWithItsPlace) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", ""},
      {R"({"context": {}, "benchmarks": []})", ""},
      {R"({"context": {}})", "'benchmarks'"},
      {R"({"benchmarks": [{"name": "A_mean", "run_type": "aggregate"}]})", ""},
      {R"({"benchmarks": [{"run_type": "iteration"}]})", "benchmarks[0]: 'name'"},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": NaN}]})", "line 1, column 49"},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": nan}]})", ""},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": -inf}]})", ""},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": Infinity}]})", ""},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": 0.5}]})", "benchmarks[0].cp00.rss_bytes:"},
      {R"({"benchmarks": [{"name": "A", "cp00.rss_bytes": "5"}]})", "benchmarks[0].cp00.rss_bytes:"},
      {R"({"benchmarks": [{"name": "A", "real_time": 1, "time_unit": "min"}]})", "'min'"},
  };
  std::string all;
  for (const auto& [json, place] : cases) {
    const auto complaint = complaint_about(json);
    EXPECT_THAT(complaint, AllOf(HasSubstr("b.json: "), HasSubstr(place))) << json;
    all += complaint + "\n";
  }
  expect_wording("", all);
}

}  // namespace
}  // namespace soak::record
