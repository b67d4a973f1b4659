#include "base/user_error.hpp"
#include "golden.hpp"
#include "record/record_file.hpp"
#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using testing::HasSubstr;

record::Repetition leaking(std::int64_t bytes) {
  return thousand_iterations(
      [&](Checkpoint& c) { *c.heap_bytes += c.iteration * bytes, *c.heap_blocks += c.iteration; });
}
record::Repetition over() {
  return thousand_iterations([](Checkpoint& c) { *c.rss_bytes += c.iteration > 0 ? 6 * mib : 0; });
}
record::Repetition crashed() {
  auto repetition = thousand_iterations();
  repetition.ending = record::Ending::crashed;
  repetition.message = "aborted";
  return repetition;
}
record::Repetition growing() {
  return repetition_of(1000, 3, [](Checkpoint& c) { *c.heap_bytes += c.iteration, *c.heap_blocks += c.iteration; });
}
record::Repetition passing() { return thousand_iterations(); }

RunVerdict judged_run(std::vector<record::Repetition> each_a_scenario) {
  std::vector<record::Scenario> scenarios;
  for (auto& repetition : each_a_scenario) scenarios.push_back(scenario_of({std::move(repetition)}));
  return judge(run_of(std::move(scenarios)), config::default_config());
}

TEST(Judge, TheWorstScenarioDecidesAndALeakOutranksWhatCouldNotBeMeasured) {
  const std::vector<std::tuple<std::vector<record::Repetition>, Verdict, int>> cases = {
      {{}, Verdict::error, 3},
      {{passing()}, Verdict::pass, 0},
      {{passing(), passing()}, Verdict::pass, 0},
      {{passing(), growing()}, Verdict::growing, 3},
      {{growing(), crashed(), passing()}, Verdict::error, 3},
      {{passing(), crashed(), over()}, Verdict::over_threshold, 1},
      {{over(), crashed(), leaking(24), passing()}, Verdict::leak, 1},
  };
  for (const auto& [scenarios, expected, status] : cases) {
    const auto verdict = judged_run(scenarios);
    EXPECT_EQ(verdict.verdict, expected) << scenarios.size();
    EXPECT_EQ(exit_status(verdict), status) << scenarios.size();
  }
}

ScenarioVerdict judged_repetitions(std::vector<record::Repetition> repetitions) {
  return judge(run_of({scenario_of(std::move(repetitions))}), config::default_config()).scenarios.at(0);
}

TEST(Judge, TheWorstRepetitionDecidesAndTheLargestGrowthIsShown) {
  const auto verdict = judged_repetitions({passing(), leaking(24), leaking(48), passing()});
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  EXPECT_EQ(verdict.heap_growth_bytes_per_iteration, 48);
  ASSERT_EQ(verdict.findings.size(), 1U);
  expect_message(verdict.findings.at(0).message, {"48 B"});
  EXPECT_THAT(verdict.findings.at(0).message, HasSubstr("(repetition 3 of 4)"));
}

TEST(Judge, WhatOnlyALesserRepetitionShowsIsSaidToo) {
  const auto verdict = judged_repetitions({crashed(), leaking(24)});
  expect_message(summary(verdict),
                 {"leak\nheap_growth: ", "24 B", "0", "0 B", "23.4 KiB", "2", "\ncrash: ", "1000", "1"});
}

TEST(Judge, AScenarioWithoutARepetitionIsAnError) {
  expect_message(summary(judged_repetitions({})), {"error\nmissing: "});
}

TEST(Judge, CarriesTheFiguresOfTheTable) {
  const auto verdict = judged_repetitions({passing()});
  EXPECT_EQ(verdict.name, "A");
  EXPECT_EQ(verdict.iterations, 1000);
  EXPECT_EQ(verdict.heap_growth_bytes_per_iteration, 0);
  EXPECT_EQ(verdict.rss_growth_bytes, 0);
  EXPECT_EQ(verdict.rss_peak_growth_bytes, 0);
  EXPECT_EQ(verdict.iteration_time_ns, 1000);
  EXPECT_EQ(verdict.heap_growth_limit_bytes_per_iteration, 0);
  EXPECT_EQ(verdict.final_growth_limit_bytes, 5 * mib);
  EXPECT_EQ(verdict.peak_growth_limit_bytes, 50 * mib);
  EXPECT_EQ(verdict.rerun_command, "soak run --benchmark_filter='^A$'");
}

TEST(Judge, AScenariosOwnTableOverridesTheDefaults) {
  auto config = config::default_config();
  config.tables["A"].settings.limits.final_growth_bytes = 7 * mib;
  const auto verdict = judge(run_of({scenario_of({over()}, "A"), scenario_of({over()}, "B")}), config);
  EXPECT_EQ(verdict.scenarios.at(0).verdict, Verdict::pass);
  EXPECT_EQ(verdict.scenarios.at(1).verdict, Verdict::over_threshold);
}

TEST(Judge, ATableForAScenarioThatDoesNotExistIsAWrongRequest) {
  auto config = config::default_config();
  config.tables["B"].settings.limits.final_growth_bytes = 1;
  auto run = run_of({scenario_of({passing()}, "A")});
  EXPECT_EQ(judge(run, config).verdict, Verdict::pass) << "all that the binaries have is not known";
  run.known_scenarios = {"A", "B"};
  EXPECT_EQ(judge(run, config).verdict, Verdict::pass) << "B was filtered out";
  run.known_scenarios = {"A"};
  EXPECT_THROW((void)judge(run, config), UserError);
}

TEST(Judge, TheSameRecordGivesTheSameVerdict) {
  const auto run = run_of({scenario_of({leaking(24), crashed()}), scenario_of({over()})});
  EXPECT_EQ(to_json(judge(run, config::default_config())), to_json(judge(run, config::default_config())));
}

TEST(Judge, SaysWhichScenariosTheRunsEndCutOff) {
  using record::Ending;
  for (const auto& [ending, expected] : std::vector<std::pair<Ending, bool>>{{Ending::finished, true},
                                                                             {Ending::crashed, true},
                                                                             {Ending::timed_out, true},
                                                                             {Ending::failed, true},
                                                                             {Ending::planned, false},
                                                                             {Ending::running, false},
                                                                             {Ending::interrupted, false}}) {
    auto repetition = passing();
    repetition.ending = ending;
    EXPECT_EQ(judged_repetitions({passing(), repetition}).run_to_its_end, expected) << record::to_string(ending);
  }
  EXPECT_FALSE(judged_repetitions({}).run_to_its_end);
}

TEST(Judge, ARunThatDidNotCompleteNeverPasses) {
  for (const auto& [repetition, expected, status] :
       std::vector<std::tuple<record::Repetition, Verdict, int>>{{passing(), Verdict::error, 3},
                                                                 {growing(), Verdict::error, 3},
                                                                 {over(), Verdict::over_threshold, 1},
                                                                 {leaking(24), Verdict::leak, 1}}) {
    auto run = run_of({scenario_of({repetition})});
    run.completed = false;
    const auto verdict = judge(run, config::default_config());
    EXPECT_FALSE(verdict.completed);
    EXPECT_EQ(verdict.verdict, expected) << to_string(expected);
    EXPECT_EQ(exit_status(verdict), status) << to_string(expected);
  }
  EXPECT_TRUE(judge(run_of({scenario_of({passing()})}), config::default_config()).completed);
}

TEST(Judge, SaysWhetherScenarioTablesCouldBeChecked) {
  auto config = config::default_config();
  auto run = run_of({scenario_of({passing()}, "A")});
  EXPECT_TRUE(judge(run, config).tables_checked) << "no tables, nothing to check";
  config.tables["A"].settings.warm_up = 10;
  EXPECT_TRUE(judge(run, config).tables_checked) << "it is for a scenario of the run";
  config.tables["B"].settings.warm_up = 10;
  EXPECT_FALSE(judge(run, config).tables_checked) << "whether there is a B is not known";
  run.known_scenarios = {"A", "B"};
  EXPECT_TRUE(judge(run, config).tables_checked);
}

TEST(Judge, CountsTheLabelledCheckpointsThatWereDropped) {
  auto few = passing(), many = passing();
  few.checkpoints_dropped = 3;
  many.checkpoints_dropped = 7;
  EXPECT_EQ(judged_repetitions({few, many, passing()}).checkpoints_dropped, 7);
  EXPECT_EQ(judged_repetitions({many}).verdict, Verdict::pass) << "no limit is set at any of them";
}

}  // namespace
}  // namespace soak::verdict
