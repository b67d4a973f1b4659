#include "history/measure.hpp"

#include <gtest/gtest.h>

#include "golden.hpp"

namespace soak::history {
namespace {

record::Checkpoint checkpoint(record::CheckpointKind kind, std::int64_t iteration) {
  record::Checkpoint c;
  c.kind = kind;
  c.iteration = iteration;
  c.rss_bytes = 5'000'000;
  c.peak_rss_bytes = 6'000'000;
  c.heap_bytes = 1000 + 10 * iteration;
  c.heap_blocks = 10 + iteration;
  c.heap_peak_bytes = 50'000;
  c.allocations = 5 + 3 * iteration;
  c.open_files = 4 + iteration / 100;
  c.threads = 1;
  c.children = 0;
  return c;
}

record::Run run_of(record::Ending ending) {
  record::Repetition repetition;
  repetition.ending = ending;
  repetition.message = ending == record::Ending::finished ? "" : "ended by signal 11";
  repetition.iterations = 100;
  repetition.iteration_time_ns = 42;
  for (std::int64_t i = 0; i <= 100; i += 10)
    repetition.checkpoints.push_back(checkpoint(i == 0     ? record::CheckpointKind::baseline
                                                : i == 100 ? record::CheckpointKind::final
                                                           : record::CheckpointKind::interval,
                                                i));
  record::Run run;
  run.id = "one";
  run.completed = true;
  run.scenarios.resize(1);
  run.scenarios[0].name = "A";
  run.scenarios[0].repetitions = {repetition};
  return run;
}

TEST(Measure, KeepsTimesThatAreNeighboursApart) {
  auto run = run_of(record::Ending::finished);
  auto& repetition = run.scenarios[0].repetitions[0];
  repetition.checkpoints.back().elapsed_seconds = 0.01;
  repetition.preemptions = 3;
  const auto measured = measure(run, {}, config::default_config());
  const auto& figures = measured.measurements.at(0).figures;
  EXPECT_FALSE(figures.contains("iteration_time_ns"));
  EXPECT_EQ(figures.at("disturbed_iteration_time_ns"), std::vector<double>{42});
}

TEST(Measure, TakesAFigureARepetition) {
  auto run = run_of(record::Ending::finished);
  run.scenarios[0].repetitions.push_back(run.scenarios[0].repetitions[0]);
  run.scenarios[0].repetitions[1].iteration_time_ns = 43;
  const auto measured = measure(run, {{"A", "leak"}}, config::default_config());
  const auto& one = measured.measurements.at(0);
  EXPECT_EQ(one.verdict, "leak");
  EXPECT_EQ(one.iterations, 100);
  const std::map<std::string, std::vector<double>> expected = {
      {"allocations_per_iteration", {3, 3}},
      {"children_growth", {0, 0}},
      {"heap_blocks", {110, 110}},
      {"heap_growth_blocks", {100, 100}},
      {"heap_growth_bytes", {1000, 1000}},
      {"heap_growth_bytes_per_iteration", {10, 10}},
      {"heap_peak_bytes", {49'000, 49'000}},
      {"iteration_time_ns", {42, 43}},
      {"open_files_growth", {1, 1}},
      {"rss_growth_bytes", {0, 0}},
      {"rss_peak_bytes", {1'000'000, 1'000'000}},
      {"threads_growth", {0, 0}},
  };
  EXPECT_EQ(one.figures, expected);
  EXPECT_EQ(one.curves.iterations.size(), 11U);
  EXPECT_EQ(one.curves.readings.at("open_files").back(), 5);
}

TEST(Measure, ARepetitionThatDiedGivesNoFigures) {
  const auto measured = measure(run_of(record::Ending::crashed), {}, config::default_config());
  EXPECT_TRUE(measured.measurements.at(0).figures.empty());
  EXPECT_EQ(measured.measurements.at(0).trouble, "ended by signal 11");
}

TEST(Measure, ARowOfPlainGoogleBenchmarkGivesItsTime) {
  auto run = run_of(record::Ending::failed);
  run.scenarios[0].repetitions[0].checkpoints.clear();
  const auto measured = measure(run, {}, config::default_config());
  EXPECT_EQ(measured.measurements.at(0).figures,
            (std::map<std::string, std::vector<double>>{{"iteration_time_ns", {42}}}));
  EXPECT_EQ(measured.measurements.at(0).trouble, "");
}

TEST(Measure, AScenarioWithoutRepetitionsIsInTrouble) {
  auto run = run_of(record::Ending::finished);
  run.scenarios[0].repetitions.clear();
  const auto measured = measure(run, {}, config::default_config());
  EXPECT_TRUE(measured.measurements.at(0).figures.empty());
  expect_wording("", measured.measurements.at(0).trouble);
}

TEST(Measure, ARecordWithoutUidHasOneByItsContent) {
  auto run = run_of(record::Ending::finished);
  const auto uid = measure(run, {}, config::default_config()).info.uid;
  EXPECT_EQ(uid.size(), 32U);
  EXPECT_EQ(measure(run, {{"A", "pass"}}, config::default_config()).info.uid, uid);
  run.scenarios[0].repetitions[0].iteration_time_ns = 43;
  EXPECT_NE(measure(run, {}, config::default_config()).info.uid, uid);
}

}  // namespace
}  // namespace soak::history
