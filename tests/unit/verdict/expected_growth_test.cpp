#include "runs.hpp"
#include "verdict/confirmation.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using HeapAfter = std::function<std::int64_t(std::int64_t iterations)>;

constexpr MachineLimits roomy{.memory_bytes = std::int64_t{8} << 30, .open_files = 1024, .processes = 1024};

record::Repetition run_with_heap(std::int64_t iterations, const HeapAfter& heap) {
  auto repetition = repetition_of(iterations, 64, [&](Checkpoint& c) {
    *c.heap_bytes += heap(c.iteration), *c.heap_blocks += heap(c.iteration) / 1024;
  });
  repetition.wall_seconds = static_cast<double>(iterations) / 10'000;
  return repetition;
}

config::Config expecting(std::int64_t bytes) {
  auto config = config::default_config();
  config.tables["A"].settings.expected_growth_bytes = bytes;
  return config;
}

struct Outcome {
  std::vector<std::int64_t> lengths;
  ScenarioVerdict verdict;
};
Outcome confirmed(const HeapAfter& heap, const config::Config& config) {
  auto scenario = scenario_of({run_with_heap(1000, heap)});
  const auto settings = config.settings_for("A");
  while (const auto next = next_run_length(scenario, settings, roomy))
    scenario.scaled_runs.push_back({*next, run_with_heap(*next, heap)});
  Outcome outcome{{}, judge(run_of({scenario}), config).scenarios.at(0)};
  for (const auto& run : scenario.scaled_runs) outcome.lengths.push_back(run.iterations);
  return outcome;
}

using Lengths = std::vector<std::int64_t>;

TEST(ExpectedGrowth, ACacheThatFillsItIsFollowedUntilItIsFullAndPasses) {
  const auto cache = [](std::int64_t i) { return std::min(i * kib, 8 * mib); };
  const auto [lengths, verdict] = confirmed(cache, expecting(8 * mib));
  EXPECT_EQ(lengths, (Lengths{4000, 16000, 64000}));
  EXPECT_EQ(summary(verdict), "pass");
}

TEST(ExpectedGrowth, ALeakThatBeginsWithinItIsFollowedUntilItExceedsIt) {
  const auto leak = [](std::int64_t i) { return i * kib; };
  const auto [lengths, verdict] = confirmed(leak, expecting(32 * mib));
  EXPECT_EQ(lengths, (Lengths{4000, 16000, 64000})) << "three lengths would have proven a line already";
  EXPECT_EQ(verdict.verdict, Verdict::leak);
}

TEST(ExpectedGrowth, WhatStaysWithinItToTheEndOfTheBudgetIsNoFindingAndSaysWhatCouldHide) {
  const auto slow = [](std::int64_t i) { return i * kib; };
  auto config = expecting(8 * mib);
  config.tables["A"].settings.confirm_budget = std::chrono::milliseconds{500};
  const auto [lengths, verdict] = confirmed(slow, config);
  EXPECT_EQ(lengths, (Lengths{4000, 250}));
  EXPECT_EQ(summary(verdict), "pass");
  EXPECT_GE(verdict.smallest_leak_seen_bytes_per_iteration.value(), 8.0 * mib / 4000);
}

TEST(ExpectedGrowth, WithoutScaledRunsGrowthWithinItIsNoFinding) {
  const auto one_run = [](std::int64_t bytes) {
    return judged(run_with_heap(1000, [=](std::int64_t i) { return i * bytes; }), expecting(mib));
  };
  EXPECT_EQ(one_run(1024).verdict, Verdict::pass);
  EXPECT_EQ(one_run(2048).verdict, Verdict::leak);
}

TEST(ExpectedGrowth, IsLeftAsideOfResidentMemoryAsFarAsTheHeapGrew) {
  const auto grown = [](std::int64_t heap, std::int64_t resident) {
    return thousand_iterations([=](Checkpoint& c) {
      if (c.iteration == 0) return;
      *c.heap_bytes += heap, *c.heap_blocks += 10;
      *c.rss_bytes += resident, *c.peak_rss_bytes += resident;
    });
  };
  const auto config = expecting(60 * mib);
  EXPECT_EQ(summary(judged(grown(60 * mib, 64 * mib), config)), "pass");
  EXPECT_EQ(judged(grown(60 * mib, 64 * mib)).verdict, Verdict::over_threshold) << "without it";
  EXPECT_EQ(judged(grown(50 * mib, 64 * mib), config).verdict, Verdict::over_threshold)
      << "the heap explains 50 MiB, 14 MiB are left";
  EXPECT_EQ(judged(grown(70 * mib, 71 * mib), config).verdict, Verdict::over_threshold) << "70 MiB were not expected";
}

TEST(ExpectedGrowth, ALimitAtACheckpointHoldsAllTheSame) {
  auto config = expecting(8 * mib);
  config::CheckpointLimits limits;
  limits.iteration = 500;
  limits.heap_growth_bytes = 100;
  config.tables["A"].settings.checkpoints = {limits};
  EXPECT_EQ(judged(run_with_heap(1000, [](std::int64_t i) { return i * kib; }), config).verdict,
            Verdict::over_threshold);
}

}  // namespace
}  // namespace soak::verdict
