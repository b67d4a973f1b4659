#include "run/collect.hpp"

#include <gtest/gtest.h>

#include <csignal>
#include <fstream>

#include "golden.hpp"
#include "test_folder.hpp"

namespace soak::run {
namespace {

using record::Ending;

constexpr const char* good_rows =
    R"({"context": {}, "benchmarks": [{"name": "S/iterations:10", "run_name": "S/iterations:10",
  "run_type": "iteration", "repetitions": 1, "iterations": 10, "real_time": 5.0, "cpu_time": 4.0, "time_unit": "ns",
  "cp00.iteration": 0, "cp00.heap_bytes": 100, "cp01.iteration": 10, "cp01.heap_bytes": 100, "iteration_time_ns": 4.5}]})";

class Collect : public testing::Test {
 protected:
  Collect() {
    scenario.name = "S";
    scenario.benchmark_name = "S/iterations:10";
    scenario.planned_iterations = 10;
    outcome.exit_status = 0;
  }
  void child_wrote(const std::string& json) { std::ofstream(folder_.path() / "rows.json") << json; }
  record::Repetition collected() {
    return collect_repetition(scenario, outcome, {folder_.path() / "rows.json", folder_.path() / "region"})
        .repetition;
  }
  std::string without_folder(std::string text) const {
    const auto folder = folder_.path().string();
    for (auto at = text.find(folder); at != std::string::npos; at = text.find(folder))
      text.replace(at, folder.size(), "FOLDER");
    return text;
  }
  record::Scenario scenario;
  process::ChildOutcome outcome;

 private:
  TestFolder folder_;
};

TEST_F(Collect, FinishedWithAllThatWasPromised) {
  child_wrote(good_rows);
  const auto repetition = collected();
  EXPECT_EQ(repetition.ending, Ending::finished) << repetition.message;
  EXPECT_EQ(repetition.iterations, 10);
  EXPECT_DOUBLE_EQ(repetition.iteration_time_ns.value(), 4.5);
  EXPECT_EQ(repetition.checkpoints.size(), 2u);
}

TEST_F(Collect, ASignalOutranksGoodResults) {
  child_wrote(good_rows);
  outcome.exit_status.reset();
  outcome.signal = SIGSEGV;
  const auto repetition = collected();
  EXPECT_EQ(repetition.ending, Ending::crashed);
  expect_message(repetition.message, {"11", "Segmentation fault"});
  EXPECT_EQ(repetition.checkpoints.size(), 2u) << "what was measured is kept";
}

TEST_F(Collect, SaysWhatIsWrongWithTheResults) {
  for (const auto* json : {"", R"({"context": {}, "benchmarks": [)", R"({"hello": 1})"}) {
    child_wrote(json);
    const auto repetition = collected();
    EXPECT_EQ(repetition.ending, Ending::failed) << json;
    expect_message(without_folder(repetition.message), {"0"});
  }
}

TEST_F(Collect, MissingResultsAreAFailure) { expect_message(collected().message, {"0"}); }

TEST_F(Collect, AnotherNumberOfIterationsThanPlannedIsAFailure) {
  child_wrote(good_rows);
  scenario.planned_iterations = 11;
  expect_message(collected().message, {"10", "11"});
  scenario.planned_iterations = 5;
  scenario.threads = 2;
  EXPECT_EQ(collected().ending, Ending::finished) << "Google Benchmark counts those of all threads";
}

TEST_F(Collect, AnExitStatusIsAFailureEvenWithGoodResults) {
  child_wrote(good_rows);
  outcome.exit_status = 7;
  expect_message(collected().message, {"7"});
}

TEST_F(Collect, SaysWhyAChildNeverStartedTimedOutOrWasInterrupted) {
  outcome.start_error = "No such file or directory";
  expect_message(collected().message, {"No such file or directory"});
  outcome = {};
  outcome.signal = SIGTERM;
  outcome.timed_out = true;
  outcome.wall_seconds = 1.5;
  expect_message(collected().message, {"1.5 s"});
  EXPECT_EQ(collected().ending, Ending::timed_out);
  outcome.timed_out = false;
  outcome.interrupted = true;
  EXPECT_EQ(collected().ending, Ending::interrupted);
}

}  // namespace
}  // namespace soak::run
