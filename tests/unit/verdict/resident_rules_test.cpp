#include "golden.hpp"
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
  expect_message(summary(verdict), {"over_threshold\nfinal_growth: ", "6.0 MiB", "5.0 MiB", "0 B", "15.0 MiB",
                                    "malloc_trim", "14.0 MiB"});
  EXPECT_EQ(verdict.rss_growth_bytes, 6 * mib);
}

struct WitnessCase {
  std::string name;
  Change change;  // beside 6 MiB of resident memory
};

const std::vector<WitnessCase> witness_cases = {
    {"shared pages", [](Checkpoint& c) { c.uss_bytes = 4 * mib; }},
    {"threads", [](Checkpoint& c) { *c.threads += c.iteration > 0; }},
    {"address space", [](Checkpoint& c) { *c.vms_bytes += 8 * kib * c.iteration; }},
};

TEST(ResidentRules, OtherReadingsNarrowDownWhatGrowsBesideTheHeap) {
  std::set<std::string> summaries;
  for (const auto& [name, change] : witness_cases) {
    auto repetition = resident_grows(6 * mib);
    for (auto& checkpoint : repetition.checkpoints) change(checkpoint);
    const auto text = summary(judged(repetition));
    expect_wording(name, text);
    summaries.insert(text);
  }
  EXPECT_EQ(summaries.size(), witness_cases.size()) << "each says something else";
}

TEST(ResidentRules, GrowthThatTheHeapExplainsIsPartOfTheLeak) {
  const auto leaking = thousand_iterations([](Checkpoint& c) {
    *c.rss_bytes += 6 * kib * c.iteration, *c.heap_bytes += 6 * kib * c.iteration, *c.heap_blocks += c.iteration;
  });
  expect_message(summary(judged(leaking)),
                 {"leak\nheap_growth: ", "6.0 KiB", "0", "0 B", "5.9 MiB", "\nfinal_growth: ", "5.0 MiB"});
}

TEST(ResidentRules, APeakBetweenCheckpointsCounts) {
  const auto spike =
      thousand_iterations([](Checkpoint& c) { *c.peak_rss_bytes += c.iteration > 300 ? 60 * mib : 0; });
  const auto verdict = judged(spike);
  expect_message(summary(verdict), {"over_threshold\npeak_growth: ", "60.0 MiB", "50.0 MiB"});
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
  expect_message(summary(judged(grown, config)),
                 {"over_threshold\npeak_rss: ", "8.0 MiB", "7.0 MiB", "\nmappings: ", "64.0 MiB", "32.0 MiB"});
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
