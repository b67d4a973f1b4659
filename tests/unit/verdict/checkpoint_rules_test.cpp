#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;

// Grows by 1 MiB of resident memory and 10 KiB of heap each 100 iterations up to 500, then gives all back.
record::Repetition hump() {
  auto repetition = thousand_iterations([](Checkpoint& c) {
    const auto steps = c.iteration <= 500 ? c.iteration / 100 : 0;
    *c.rss_bytes += steps * mib, *c.heap_bytes += steps * 10 * kib, *c.open_files += steps;
  });
  auto labelled = repetition.checkpoints.at(25);
  labelled.kind = record::CheckpointKind::labelled;
  labelled.label = "Half way";
  repetition.checkpoints.insert(repetition.checkpoints.begin() + 26, labelled);
  return repetition;
}

config::Config with_limits(const config::CheckpointLimits& limits) {
  auto config = config::default_config();
  config.tables["A"].settings.checkpoints = {limits};
  return config;
}

TEST(CheckpointRules, HoldAtALabelHoweverItIsSpelled) {
  EXPECT_EQ(judged(hump()).verdict, Verdict::pass);
  for (const auto* label : {"Half way", "half_way", "half way"}) {
    const auto verdict = judged(hump(), with_limits({.label = label,
                                                     .iteration = {},
                                                     .rss_growth_bytes = 4 * mib,
                                                     .vms_growth_bytes = {},
                                                     .heap_growth_bytes = 49 * kib,
                                                     .open_files_growth = 4,
                                                     .threads_growth = 0,
                                                     .children_growth = 0}));
    EXPECT_EQ(summary(verdict),
              std::string("over_threshold\nfinal_growth: resident memory at checkpoint '") + label +
                  "': 5.0 MiB above the baseline (limit 4.0 MiB)\nheap_growth: live heap at checkpoint '" + label +
                  "': 50.0 KiB above the baseline (limit 49.0 KiB)\nopen_files: open files at checkpoint '" + label +
                  "': 5 above the baseline (limit 4)");
  }
}

config::CheckpointLimits at_iteration(std::int64_t iteration, std::int64_t rss_growth) {
  config::CheckpointLimits limits;
  limits.iteration = iteration;
  limits.rss_growth_bytes = rss_growth;
  return limits;
}

TEST(CheckpointRules, HoldAtTheFirstCheckpointFromAnIterationOn) {
  EXPECT_EQ(
      summary(judged(hump(), with_limits(at_iteration(281, 2 * mib)))),
      "over_threshold\nfinal_growth: resident memory at iteration 281: 3.0 MiB above the baseline (limit 2.0 MiB)");
  EXPECT_EQ(judged(hump(), with_limits(at_iteration(280, 2 * mib))).verdict, Verdict::pass);
  EXPECT_EQ(judged(hump(), with_limits(at_iteration(1000, 0))).verdict, Verdict::pass);
}

TEST(CheckpointRules, ACheckpointThatIsNotThereIsAnError) {
  config::CheckpointLimits limits;
  limits.label = "after cleanup";
  EXPECT_EQ(summary(judged(hump(), with_limits(limits))),
            "error\nmissing: has limits at checkpoint 'after cleanup', where no checkpoint was taken");
  EXPECT_EQ(summary(judged(hump(), with_limits(at_iteration(1001, 0)))),
            "error\nmissing: has limits at iteration 1001, where no checkpoint was taken");
}

TEST(CheckpointRules, ALabelSomeOfWhoseCheckpointsMayHaveBeenDroppedIsAnError) {
  auto repetition = hump();
  repetition.checkpoints_dropped = 44;
  config::CheckpointLimits limits;
  limits.label = "half_way";
  limits.rss_growth_bytes = 100 * mib;
  EXPECT_EQ(summary(judged(repetition, with_limits(limits))),
            "error\nmissing: has limits at checkpoint 'half_way', some of which may be among the 44 labelled "
            "checkpoints that were dropped; take fewer of them");
  EXPECT_EQ(judged(repetition, with_limits(at_iteration(280, 2 * mib))).verdict, Verdict::pass)
      << "those by iteration are never dropped";
}

TEST(CheckpointRules, AReadingThatIsNotThereIsAnError) {
  auto repetition = hump();
  repetition.checkpoints.at(26).rss_bytes = std::nullopt;
  config::CheckpointLimits limits;
  limits.label = "half_way";
  limits.rss_growth_bytes = 100 * mib;
  EXPECT_EQ(
      summary(judged(repetition, with_limits(limits))),
      "error\nmissing: resident memory at checkpoint 'half_way' was not measured, so its growth cannot be judged");
}

}  // namespace
}  // namespace soak::verdict
