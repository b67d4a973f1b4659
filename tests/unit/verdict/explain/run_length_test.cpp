#include "verdict/explain/run_length.hpp"

#include <gtest/gtest.h>

#include "../runs.hpp"

namespace soak::verdict {
namespace {

const Change leak = [](record::Checkpoint& c) { *c.heap_bytes += 100 * c.iteration, *c.heap_blocks += c.iteration; };
const Change open_two = [](record::Checkpoint& c) { *c.open_files += c.iteration > 0 ? 2 : 0; };
const Change resident = [](record::Checkpoint& c) { *c.rss_bytes += c.iteration > 0 ? 6 * mib : 0; };

record::Scenario leaking_scenario() { return scenario_of({thousand_iterations(leak)}); }

std::optional<std::int64_t> length(const record::Scenario& scenario, Explain when = Explain::automatic) {
  MachineLimits machine;
  machine.memory_bytes = 100 * mib;
  return explained_run_length(scenario, config::default_config(), machine, when);
}

void add_scaled(record::Scenario& scenario, std::int64_t iterations, double seconds, const Change& change = leak) {
  auto repetition = repetition_of(iterations, 51, change);
  repetition.wall_seconds = seconds;
  scenario.scaled_runs.push_back({iterations, std::move(repetition)});
}

TEST(ExplainedRun, IsForWhatLeaksGrowsOrExceedsACount) {
  EXPECT_EQ(length(leaking_scenario()), 1000);
  EXPECT_EQ(length(scenario_of({thousand_iterations(open_two)})), 1000);
  EXPECT_EQ(length(scenario_of({repetition_of(1000, 4, leak)})), 1000) << "growing: too few checkpoints";
  EXPECT_EQ(length(scenario_of({thousand_iterations()})), std::nullopt);
  EXPECT_EQ(length(scenario_of({thousand_iterations(resident)})), std::nullopt)
      << "no call site holds resident memory";
  const Change resident_heap = [](record::Checkpoint& c) {
    if (c.iteration >= 100) *c.rss_bytes += 6 * mib, *c.heap_bytes += 4 * mib;
  };
  EXPECT_EQ(length(scenario_of({thousand_iterations(resident_heap)})), 1000)
      << "but live heap, which makes most of it";
  auto objects = thousand_iterations();
  objects.types = {{"Widget", record::TypeSource::counted, {{0, 0, 0}, {1000, 0, 2000}}}};
  EXPECT_EQ(length(scenario_of({objects})), 1000);
  EXPECT_EQ(length(scenario_of({})), std::nullopt);
}

TEST(ExplainedRun, AlwaysIsForEveryScenarioAndNeverForNone) {
  EXPECT_EQ(length(scenario_of({thousand_iterations()}), Explain::always), 1000);
  EXPECT_EQ(length(leaking_scenario(), Explain::never), std::nullopt);
}

TEST(ExplainedRun, WhatALongerRunAcquittedIsNotExplained) {
  auto scenario = leaking_scenario();
  const Change full = [](record::Checkpoint& c) { *c.heap_bytes += std::min<std::int64_t>(c.iteration, 800) * 100; };
  add_scaled(scenario, 4000, 0.1, full);
  EXPECT_EQ(length(scenario), std::nullopt);
  EXPECT_EQ(length(scenario, Explain::always), 4000);
}

TEST(ExplainedRun, IsAsLongAsTheLongestThatIsNotTooLong) {
  auto scenario = leaking_scenario();
  add_scaled(scenario, 4000, 0.5);
  add_scaled(scenario, 16'000, 1.9);
  EXPECT_EQ(length(scenario), 16'000);
  add_scaled(scenario, 64'000, 8);
  EXPECT_EQ(length(scenario), 16'000) << "eight seconds would become a minute";
  scenario.repetitions.front().wall_seconds = 10;
  EXPECT_EQ(length(scenario), 64'000) << "no longer than the scenario takes anyway";
}

TEST(ExplainedRun, OfWhatCannotBeScaledIsAsLongAsPlannedWhateverItTakes) {
  auto scenario = leaking_scenario();
  scenario.is_fixed = true;
  scenario.repetitions.front().wall_seconds = 500;
  EXPECT_EQ(length(scenario), 1000);
  scenario.is_fixed = false;
  EXPECT_EQ(length(scenario), 250) << "so near its timeout";
}

TEST(ExplainedRun, StaysFarFromTheMemoryLimitAndFromWhatDied) {
  auto scenario = leaking_scenario();
  add_scaled(scenario, 4000, 0.1);
  add_scaled(scenario, 400'000, 0.2);  // 38 MiB of heap; the sites of as many blocks come on top
  EXPECT_EQ(length(scenario), 4000);
  scenario.scaled_runs.front().repetition.ending = record::Ending::crashed;
  EXPECT_EQ(length(scenario), 1000);
}

TEST(ExplainedRun, IsAQuarterWhereTheFirstRunWasNearItsLimits) {
  auto slow = leaking_scenario();
  slow.repetitions.front().wall_seconds = 200;  // of ten minutes
  EXPECT_EQ(length(slow), 250);
  const Change large = [](record::Checkpoint& c) { *c.heap_bytes += c.iteration * 60'000; };
  EXPECT_EQ(length(scenario_of({thousand_iterations(large)})), 250);
  auto few = scenario_of({repetition_of(40, 40, leak)});
  few.repetitions.front().wall_seconds = 200;
  EXPECT_EQ(length(few), 40);
}

TEST(ExplainedRun, WhatDiedWhileItsHeapGrewIsExplainedToo) {
  const Change fast = [](record::Checkpoint& c) { *c.heap_bytes += 10'000 * c.iteration; };
  auto scenario = scenario_of({thousand_iterations(fast)});
  scenario.repetitions.front().checkpoints.resize(20);
  scenario.repetitions.front().ending = record::Ending::failed;
  EXPECT_EQ(length(scenario), 1000);
  scenario.repetitions.front().ending = record::Ending::interrupted;
  EXPECT_EQ(length(scenario), std::nullopt);
  auto healthy = scenario_of({thousand_iterations()});
  healthy.repetitions.front().ending = record::Ending::crashed;
  EXPECT_EQ(length(healthy), std::nullopt);
  healthy.repetitions.front().checkpoints.clear();
  EXPECT_EQ(length(healthy, Explain::always), std::nullopt) << "it cannot even begin";
}

TEST(ExplainedRun, WithoutAPlannedNumberItIsAsLongAsTheFirstWas) {
  auto scenario = leaking_scenario();
  scenario.planned_iterations.reset();
  EXPECT_EQ(length(scenario), 1000);
}

}  // namespace
}  // namespace soak::verdict
