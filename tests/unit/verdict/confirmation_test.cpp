#include "verdict/confirmation.hpp"

#include <gtest/gtest.h>

#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using record::Repetition;

constexpr MachineLimits roomy{.memory_bytes = std::int64_t{4} << 30, .open_files = 1024, .processes = 1024};

/// A run of so many iterations, 64 checkpoints, whose live heap after i iterations is `heap_bytes(i)` above the
/// start.
Repetition run_with_heap(std::int64_t iterations, const std::function<std::int64_t(std::int64_t)>& heap_bytes) {
  auto repetition = repetition_of(iterations, 64, [&](Checkpoint& checkpoint) {
    *checkpoint.heap_bytes += heap_bytes(checkpoint.iteration);
    *checkpoint.heap_blocks += heap_bytes(checkpoint.iteration) / 32;
  });
  repetition.wall_seconds = 0.1 * static_cast<double>(iterations) / 1000;
  return repetition;
}

std::int64_t leak(std::int64_t i) { return 32 * i; }
std::int64_t cache_of_3000(std::int64_t i) { return 32 * std::min<std::int64_t>(i, 3000); }

/// Runs the scenario as the runner would, until nothing more is asked for; the lengths that were.
std::vector<std::int64_t> run_to_decision(record::Scenario& scenario, const config::ScenarioSettings& settings,
                                          const std::function<std::int64_t(std::int64_t)>& heap_bytes,
                                          const MachineLimits& machine = roomy) {
  std::vector<std::int64_t> lengths;
  while (const auto next = next_run_length(scenario, settings, machine)) {
    lengths.push_back(*next);
    scenario.scaled_runs.push_back({*next, run_with_heap(*next, heap_bytes)});
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

TEST_F(Confirmation, ALeakIsProvenByTwoScalings) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  EXPECT_EQ(run_to_decision(scenario, settings, leak), (Lengths{4000, 16000}));
  const auto verdict = judged_scenario(scenario);
  EXPECT_EQ(verdict.verdict, Verdict::leak);
  ASSERT_EQ(verdict.findings.size(), 1u);
  EXPECT_EQ(verdict.findings[0].shape, Shape::linear);
  EXPECT_NEAR(verdict.findings[0].per_iteration.value(), 32, 5);
  EXPECT_EQ(verdict.findings[0].confirmed.size(), 3u);
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
  EXPECT_NE(summary(verdict).find("its growth slows down (square root)"), std::string::npos) << summary(verdict);
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

TEST_F(Confirmation, AScenarioThatCannotBeScaledStaysGrowing) {
  auto scenario = scenario_of({run_with_heap(1000, leak)});
  auto failed = run_with_heap(1000, leak);
  failed.ending = record::Ending::failed;
  scenario.scaled_runs.push_back({4000, failed});
  EXPECT_EQ(next_run_length(scenario, settings, roomy), std::nullopt);
  EXPECT_EQ(judged_scenario(scenario).verdict, Verdict::growing);
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
