#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

record::Repetition resident_grows(std::int64_t bytes) {
  return thousand_iterations([&](Checkpoint& c) { *c.rss_bytes += bytes * c.iteration / 1000; });
}

TEST(ResidentRules, GrowthUpToTheLimitIsAccepted) {
  EXPECT_EQ(judged(resident_grows(5 * mib)).verdict, Verdict::pass);
  EXPECT_EQ(judged(resident_grows(5 * mib + 4096)).verdict, Verdict::over_threshold);
}

TEST(ResidentRules, GrowthBesideAFlatHeapSaysWhatItMayBe) {
  auto repetition = resident_grows(6 * mib);
  repetition.rss_before_trim_bytes = 15 * mib;
  repetition.rss_after_trim_bytes = 14 * mib;
  const auto verdict = judged(repetition);
  EXPECT_EQ(summary(verdict),
            "over_threshold\nfinal_growth: resident memory grew 6.0 MiB (limit 5.0 MiB) while live heap grew 0 B: "
            "pages that were mapped before and are used only now: the allocator's, of stacks, of files; 15.0 MiB "
            "resident before malloc_trim, 14.0 MiB after");
  EXPECT_EQ(verdict.rss_growth_bytes, 6 * mib);
}

struct WitnessCase {
  std::string name;
  Change change;  // beside 6 MiB of resident memory
  std::string expected;
};

const std::vector<WitnessCase> witness_cases = {
    {"shared pages", [](Checkpoint& c) { c.uss_bytes = 4 * mib; }, "pages of files or of shared memory"},
    {"threads", [](Checkpoint& c) { *c.threads += c.iteration > 0; }, "stacks of threads, or fragmentation"},
    {"address space", [](Checkpoint& c) { *c.vms_bytes += 8 * kib * c.iteration; },
     "memory that the allocator keeps, or mappings outside the heap"},
};

TEST(ResidentRules, OtherReadingsNarrowDownWhatGrowsBesideTheHeap) {
  for (const auto& [name, change, expected] : witness_cases) {
    auto repetition = resident_grows(6 * mib);
    for (auto& checkpoint : repetition.checkpoints) change(checkpoint);
    EXPECT_THAT(summary(judged(repetition)), testing::HasSubstr(expected)) << name;
  }
}

TEST(ResidentRules, GrowthThatTheHeapExplainsIsPartOfTheLeak) {
  const auto leaking = thousand_iterations([](Checkpoint& c) {
    *c.rss_bytes += 6 * kib * c.iteration, *c.heap_bytes += 6 * kib * c.iteration, *c.heap_blocks += c.iteration;
  });
  EXPECT_EQ(
      summary(judged(leaking)),
      "leak\nheap_growth: live heap grows 6.0 KiB per iteration from iteration 0 on (limit 0 B); 5.9 MiB in all\n"
      "final_growth: resident memory grew 5.9 MiB (limit 5.0 MiB); live heap grew 5.9 MiB of it");
}

TEST(ResidentRules, APeakBetweenCheckpointsCounts) {
  const auto spike =
      thousand_iterations([](Checkpoint& c) { *c.peak_rss_bytes += c.iteration > 300 ? 60 * mib : 0; });
  const auto verdict = judged(spike);
  EXPECT_EQ(summary(verdict),
            "over_threshold\npeak_growth: resident memory peaked 60.0 MiB above the baseline (limit 50.0 MiB)");
  EXPECT_EQ(verdict.rss_peak_growth_bytes, 60 * mib);
}

TEST(ResidentRules, WithoutTheKernelsPeakTheHighestCheckpointCounts) {
  const auto spike = thousand_iterations([](Checkpoint& c) {
    c.peak_rss_bytes = std::nullopt;
    *c.rss_bytes += c.iteration == 500 ? 60 * mib : 0;
  });
  EXPECT_EQ(judged(spike).rss_peak_growth_bytes, 60 * mib);
}

TEST(ResidentRules, PeakAndAddressSpaceAreJudgedWhereALimitIsSet) {
  const auto grown = thousand_iterations([](Checkpoint& c) { *c.vms_bytes += c.iteration > 0 ? 64 * mib : 0; });
  EXPECT_EQ(judged(grown).verdict, Verdict::pass);
  auto config = config::default_config();
  config.defaults.peak_rss_bytes = 7 * mib;
  config.defaults.vms_growth_bytes = 32 * mib;
  EXPECT_EQ(
      summary(judged(grown, config)),
      "over_threshold\npeak_rss: resident memory peaked at 8.0 MiB (limit 7.0 MiB)\n"
      "mappings: address space grew 64.0 MiB (limit 32.0 MiB): mappings or stacks of threads that were not given "
      "back");
}

TEST(ResidentRules, WhatWasNotMeasuredIsAnErrorAndNotZero) {
  auto config = config::default_config();
  config.defaults.peak_rss_bytes = 7 * mib;
  config.defaults.vms_growth_bytes = 32 * mib;
  const auto blind =
      thousand_iterations([](Checkpoint& c) { c.rss_bytes = c.peak_rss_bytes = c.vms_bytes = std::nullopt; });
  const auto verdict = judged(blind, config);
  EXPECT_EQ(verdict.verdict, Verdict::error);
  EXPECT_EQ(verdict.findings.size(), 4U);
  EXPECT_EQ(verdict.rss_growth_bytes, std::nullopt);
}

}  // namespace
}  // namespace soak::verdict
