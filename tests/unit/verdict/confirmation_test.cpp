#include "verdict/confirmation.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Repetition;

constexpr MachineLimits roomy{.memory_bytes = std::int64_t{4} << 30, .open_files = 1024, .processes = 1024};

/// A run of so many iterations, 64 checkpoints, whose live heap after i iterations is `heap_bytes(i)` above the
/// start.
Repetition run_with_heap(std::int64_t iterations, const std::function<std::int64_t(std::int64_t)>& heap_bytes,
                         double seconds_per_iteration = 1e-4) {
  auto repetition = repetition_of(iterations, 64, [&](Checkpoint& checkpoint) {
    *checkpoint.heap_bytes += heap_bytes(checkpoint.iteration);
    *checkpoint.heap_blocks += heap_bytes(checkpoint.iteration) / 32;
  });
  repetition.wall_seconds = seconds_per_iteration * static_cast<double>(iterations);
  return repetition;
}

std::int64_t leak(std::int64_t i) { return 32 * i; }
std::int64_t cache_of_3000(std::int64_t i) { return 32 * std::min<std::int64_t>(i, 3000); }

/// Runs the scenario as the runner would, until nothing more is asked for; the lengths that were.
std::vector<std::int64_t> run_to_decision(record::Scenario& scenario, const config::ScenarioSettings& settings,
                                          const std::function<std::int64_t(std::int64_t)>& heap_bytes,
                                          const MachineLimits& machine = roomy, double seconds_per_iteration = 1e-4) {
  std::vector<std::int64_t> lengths;
  while (const auto next = next_run_length(scenario, settings, machine)) {
    lengths.push_back(*next);
    scenario.scaled_runs.push_back({*next, run_with_heap(*next, heap_bytes, seconds_per_iteration)});
  }
  return lengths;
}

class Confirmation : public testing::Test {
 protected:
  [[nodiscard]] ScenarioVerdict judged_scenario(const record::Scenario& scenario) const {
    return judge(run_of({scenario}), config).scenarios.at(0);
  }
  config::Config config = config::default_config();
  config::ScenarioSettings settings = config.settings_for("A");
};

using Lengths = std::vector<std::int64_t>;

TEST_F(Confirmation, AHealthyScenarioPaysNothing) {
  auto scenario = scenario_of({thousand_iterations()});
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
}

TEST_F(Confirmation, ALeakIsFollowedToTheEndOfTheBudget) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  EXPECT_EQ(run_to_decision(scenario, settings, leak), (Lengths{4000, 16000, 64000}));
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].shape, Shape::linear);
  EXPECT_NEAR(verdict.findings[0].per_iteration.value(), 32, 5);
  EXPECT_EQ(verdict.findings[0].confirmed.size(), 4u);
}

TEST_F(Confirmation, ACacheThatFillsLaterIsNoLeak) {
  auto scenario = scenario_of({run_with_heap(1000, cache_of_3000)});
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::leak) << "one run cannot tell";
  EXPECT_EQ(run_to_decision(scenario, settings, cache_of_3000), (Lengths{4000, 16000}));
  EXPECT_EQ(summary(judged_scenario(scenario)), "pass");
}

TEST_F(Confirmation, GrowthThatSlowsDownIsFollowedToTheEndOfTheBudgetAndCalledGrowing) {
  const auto root = [](std::int64_t i) {
    return static_cast<std::int64_t>(3200 * std::sqrt(static_cast<double>(i)));
  };
  auto scenario = scenario_of({run_with_heap(1000, root)});
  EXPECT_EQ(run_to_decision(scenario, settings, root), (Lengths{4000, 16000, 64000}));
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::growing);
  EXPECT_NE(summary(verdict).find("its growth slows down (ever slower)"), std::string::npos) << summary(verdict);
}

TEST_F(Confirmation, TheBudgetOfTheScenarioIsKept) {
  settings.confirm_budget = std::chrono::milliseconds{450};  // a run of 4,000 takes 0.4 s
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  EXPECT_EQ(run_to_decision(scenario, settings, leak), (Lengths{4000, 250}));
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::leak) << "three lengths prove, whichever they are";
}

TEST_F(Confirmation, NoRunIsTakenThatWouldUseUpTheMemory) {
  const auto greedy = [](std::int64_t i) { return i << 20; };
  auto scenario = scenario_of({run_with_heap(1000, greedy)});
  EXPECT_EQ(run_to_decision(scenario, settings, greedy, {.memory_bytes = std::int64_t{4} << 30}), (Lengths{250, 62}));
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::leak);
}

TEST_F(Confirmation, NoRunIsTakenThatWouldUseUpTheDescriptors) {
  const auto leak_a_file = [](Checkpoint& checkpoint) { *checkpoint.open_files += checkpoint.iteration / 10; };
  auto scenario = scenario_of({thousand_iterations(leak_a_file)});
  EXPECT_EQ(next_run_length(scenario, settings, roomy), 4000);
  EXPECT_EQ(next_run_length(scenario, settings, {.memory_bytes = roomy.memory_bytes, .open_files = 256}), 250);
}

TEST_F(Confirmation, AFixedScenarioIsNeverScaledSoNothingOfItIsProven) {
  const auto leak_files = [](Checkpoint& checkpoint) { *checkpoint.open_files += checkpoint.iteration / 10; };
  struct Case {
    Repetition repetition;
    const char *if_not, *if_fixed;
  };
  const auto why = std::string("; it cannot be scaled, and growth at one length alone proves no leak");
  for (const auto& [repetition, if_not, if_fixed] :
       {Case{thousand_iterations(), "pass", "pass"}, Case{run_with_heap(1000, leak), "leak", "growing"},
        Case{thousand_iterations(leak_files), "leak", "over_threshold"}}) {
    auto scenario = scenario_of({repetition});
    EXPECT_EQ(to_string(judged_scenario(scenario).verdict), if_not);
    EXPECT_THAT(judged_scenario(scenario).notes, testing::IsEmpty());
    scenario.is_fixed = true;
    EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
    const auto verdict = judged_scenario(scenario);
    EXPECT_EQ(to_string(verdict.verdict), if_fixed);
    EXPECT_TRUE(verdict.is_fixed);
    EXPECT_THAT(verdict.notes, testing::ElementsAre("cannot be scaled: it ran at its planned length only"));
    for (const auto& finding : verdict.findings) EXPECT_THAT(finding.message, testing::EndsWith(why));
  }
}

TEST_F(Confirmation, WhatHasRunAtOtherLengthsIsWeighedByThemThoughItIsFixed) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  run_to_decision(scenario, settings, leak);
  scenario.is_fixed = true;
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::leak);
}

TEST_F(Confirmation, AScenarioThatCannotBeScaledStaysGrowing) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  const auto refused = [](std::int64_t iterations) {
    auto repetition = repetition_of(iterations, 2);
    repetition.ending = record::Ending::failed;
    return record::ScaledRun{iterations, repetition};
  };
  scenario.scaled_runs.push_back(refused(4000));
  EXPECT_EQ(next_run_length(scenario, settings, roomy), 250) << "no longer ones, but shorter ones";
  scenario.scaled_runs.push_back(refused(250));
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::growing);
}

TEST_F(Confirmation, ARunThatDiesOfItsLeakIsEvidenceAsFarAsItGot) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  scenario.scaled_runs.push_back({4000, run_with_heap(4000, leak)});
  auto dead = run_with_heap(16000, leak);
  dead.checkpoints.resize(50);
  dead.ending = record::Ending::failed;
  dead.message = "was ended at its memory_limit";
  scenario.scaled_runs.push_back({16000, dead});
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  EXPECT_THAT(
      verdict.findings.at(0).message,
      testing::HasSubstr("linear to 12444 iterations: 27.8 KiB after 1000, 111 KiB after 4000, 341 KiB after 12444"));
  EXPECT_THAT(verdict.findings.at(0).message,
              testing::HasSubstr("; the run of 16000 iterations died after 12444: was ended at its memory_limit"));
}

TEST_F(Confirmation, ATableThatFillsInAStraightLineIsNotAccusedWhileThereIsBudget) {
  constexpr double microseconds = 1e-5;
  for (const std::int64_t full : {17'000, 40'000, 100'000}) {
    const auto table = [full](std::int64_t i) { return 32 * std::min(i, full); };
    auto scenario = scenario_of({run_with_heap(1000, table, microseconds)});
    const auto lengths = run_to_decision(scenario, settings, table, roomy, microseconds);
    EXPECT_EQ(summary(judged_scenario(scenario)), "pass") << full;
    EXPECT_GT(lengths.back(), full);
  }
}

TEST_F(Confirmation, LevelsThatChanceOrTheLengthDecidesAreNoGrowth) {
  const auto level = [](std::int64_t iterations, std::int64_t bytes) {
    return run_with_heap(iterations, [bytes](std::int64_t i) { return i == 0 ? 0 : bytes; });
  };
  const auto stepping = [](std::int64_t i) { return i < 700 ? std::int64_t{0} : std::int64_t{32'000}; };
  auto scenario = scenario_of({run_with_heap(1000, stepping)});
  scenario.scaled_runs = {{4000, level(4000, 128'000)}, {16000, level(16000, 512'000)}};
  EXPECT_EQ(summary(judged_scenario(scenario)), "pass");
}

TEST_F(Confirmation, OneLateStepInTheLongestRunProvesNothing) {
  const auto stepping = [](std::int64_t n) {
    return run_with_heap(n, [n](std::int64_t i) { return i < n * 7 / 10 ? 0 : 32 * n; });
  };
  auto scenario = scenario_of({stepping(1000)});
  scenario.scaled_runs = {{4000, stepping(4000)}, {16000, stepping(16000)}};
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::growing);
  EXPECT_THAT(verdict.findings.at(0).message,
              testing::HasSubstr("longer runs end higher, but the longest does not itself grow as much"));
}

/// A descriptor each second iteration, until the process may have no more.
void leak_files(Checkpoint& checkpoint) {
  *checkpoint.open_files = std::min<std::int64_t>(4 + checkpoint.iteration / 2, 1020);
}

TEST_F(Confirmation, DescriptorsThatRunOutInTheFirstRunAreFollowedDownwards) {
  auto first = repetition_of(10'000, 64, leak_files);
  first.open_files_limit = 1024;
  auto scenario = scenario_of({first});
  std::vector<std::int64_t> lengths;
  while (const auto next = next_run_length(scenario, settings, roomy)) {
    lengths.push_back(*next);
    scenario.scaled_runs.push_back({*next, repetition_of(*next, 64, leak_files)});
    scenario.scaled_runs.back().repetition.open_files_limit = 1024;
  }
  EXPECT_EQ(lengths, (Lengths{515, 128}));
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::leak) << summary(verdict);
  EXPECT_THAT(summary(verdict), testing::HasSubstr("at iteration 2063 it had nearly all of the 1024 that a process "
                                                   "may have (ulimit -n), after which opening fails (EMFILE)"));
}

TEST_F(Confirmation, AProcessThatDiedOfTooManyDescriptorsLeaks) {
  auto dead = repetition_of(10'000, 64, leak_files);
  dead.open_files_limit = 1024;
  dead.ending = record::Ending::failed;
  dead.message = "threw an exception: Too many open files";
  const auto verdict = judged(dead);
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  EXPECT_THAT(summary(verdict), testing::HasSubstr("missing: threw an exception: Too many open files"));
  EXPECT_THAT(summary(verdict), testing::HasSubstr("open_files: 1016 more file descriptors are open"));
}

TEST_F(Confirmation, ATrendThatNoiseHidesRunsAgain) {
  const auto noisy_leak = [](std::int64_t i) {
    std::mt19937_64 random(static_cast<std::uint64_t>(i));
    return 16 * i + std::uniform_int_distribution<>(0, 7000)(random);
  };
  auto scenario = scenario_of({run_with_heap(1000, noisy_leak)});
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::inconclusive) << summary(judged_scenario(scenario));
  run_to_decision(scenario, settings, noisy_leak);
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::leak) << summary(judged_scenario(scenario));
}

TEST_F(Confirmation, ACountThatStepsOnceExceedsItsLimitAndIsNoLeak) {
  const auto one_more_file = [](Checkpoint& checkpoint) { *checkpoint.open_files += checkpoint.iteration > 800; };
  auto scenario = scenario_of({thousand_iterations(one_more_file)});
  scenario.scaled_runs.push_back({4000, repetition_of(4000, 64, one_more_file)});
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::over_threshold);
}

TEST_F(Confirmation, AScenarioThatDiedIsNotRunAgain) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  scenario.repetitions[0].ending = record::Ending::crashed;
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
}

}  // namespace
}  // namespace soak::verdict
