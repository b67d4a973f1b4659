#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

TEST(CountRules, DescriptorsThatGrowAreALeakWithTheirKinds) {
  auto repetition = thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration / 10; });
  repetition.checkpoints.front().open_sockets = 1;
  repetition.checkpoints.back().open_sockets = 91;
  repetition.checkpoints.front().open_pipes = 0;
  repetition.checkpoints.back().open_pipes = 10;
  EXPECT_EQ(
      summary(judged(repetition)),
      "leak\nopen_files: 100 more file descriptors are open than at the baseline (limit 0): 90 sockets, 10 pipes");
}

TEST(CountRules, GrowthOnceIsBeyondTheLimitButNoLeak) {
  EXPECT_EQ(summary(judged(thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration > 100 ? 2 : 0; }))),
            "over_threshold\nopen_files: 2 more file descriptors are open than at the baseline (limit 0)");
}

TEST(CountRules, GrowthThatIsGivenBackIsNone) {
  EXPECT_EQ(judged(thousand_iterations([](Checkpoint& c) { *c.open_files += c.iteration % 1000; })).verdict,
            Verdict::pass);
}

TEST(CountRules, AFewCheckpointsShowGrowthBeyondTheLimitAndNoMore) {
  const auto four_looks = repetition_of(4, 5, [](Checkpoint& c) { *c.open_files += c.iteration; });
  EXPECT_EQ(judged(four_looks).verdict, Verdict::over_threshold);
}

TEST(CountRules, ThreadsNeverJoinedAreFoundThoughTheyEnded) {
  EXPECT_EQ(summary(judged(thousand_iterations([](Checkpoint& c) { *c.joinable_threads += c.iteration / 5; }))),
            "leak\nthreads: 200 more threads than at the baseline were neither joined nor detached (limit 0)");
}

TEST(CountRules, ThreadsStillRunningAreSaidToRun) {
  EXPECT_EQ(summary(judged(thousand_iterations([](Checkpoint& c) { *c.threads += c.iteration / 5; }))),
            "leak\nthreads: 200 more threads are running than at the baseline (limit 0)");
}

TEST(CountRules, ThreadsThatRunUnjoinedAreOneFinding) {
  EXPECT_EQ(judged(thousand_iterations([](Checkpoint& c) {
              *c.threads += c.iteration / 5, *c.joinable_threads += c.iteration / 5;
            })).findings.size(),
            1U);
}

TEST(CountRules, ZombiesAreNamed) {
  EXPECT_EQ(
      summary(judged(thousand_iterations([](Checkpoint& c) { *c.children = *c.zombies = c.iteration / 100; }))),
      "leak\nchildren: 10 more child processes than at the baseline (limit 0); 10 have ended and were never waited "
      "for");
}

TEST(CountRules, LimitsAreThoseOfTheScenario) {
  const auto two_more = thousand_iterations([](Checkpoint& c) {
    const auto growth = c.iteration == 0 ? 0 : 2;
    *c.open_files += growth, *c.threads += growth, *c.children += growth;
  });
  EXPECT_EQ(judged(two_more).findings.size(), 3U);
  auto config = config::default_config();
  auto& limits = config.tables["A"].settings.limits;
  limits.open_files_growth = limits.threads_growth = limits.children_growth = 2;
  EXPECT_EQ(summary(judged(two_more, config)), "pass");
}

TEST(CountRules, WhatWasNotCountedIsAnErrorAndNotZero) {
  const auto uncounted = thousand_iterations(
      [](Checkpoint& c) { c.open_files = c.threads = c.joinable_threads = c.children = c.zombies = std::nullopt; });
  EXPECT_EQ(summary(judged(uncounted)),
            "error\nmissing: open files were not counted, so their growth cannot be judged\n"
            "missing: threads were not counted, so their growth cannot be judged\n"
            "missing: child processes were not counted, so their growth cannot be judged");
}

}  // namespace
}  // namespace soak::verdict
