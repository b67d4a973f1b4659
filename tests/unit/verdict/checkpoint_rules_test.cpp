#include "golden.hpp"
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
    const auto named = std::string("'") + label + "'";
    expect_message(summary(verdict), {"over_threshold\nfinal_growth: ", "5.0 MiB", "4.0 MiB",
                                      "\nheap_growth: ", "50.0 KiB", "49.0 KiB", "\nopen_files: ", "5", "4", named});
  }
}

config::CheckpointLimits at_iteration(std::int64_t iteration, std::int64_t rss_growth) {
  config::CheckpointLimits limits;
  limits.iteration = iteration;
  limits.rss_growth_bytes = rss_growth;
  return limits;
}

TEST(CheckpointRules, HoldAtTheFirstCheckpointFromAnIterationOn) {
  expect_message(summary(judged(hump(), with_limits(at_iteration(281, 2 * mib)))),
                 {"over_threshold\nfinal_growth: ", "281", "3.0 MiB", "2.0 MiB"});
  EXPECT_EQ(judged(hump(), with_limits(at_iteration(280, 2 * mib))).verdict, Verdict::pass);
  EXPECT_EQ(judged(hump(), with_limits(at_iteration(1000, 0))).verdict, Verdict::pass);
}

TEST(CheckpointRules, ACheckpointThatIsNotThereIsAnError) {
  config::CheckpointLimits limits;
  limits.label = "after cleanup";
  expect_message(summary(judged(hump(), with_limits(limits))), {"error\nmissing: ", "'after cleanup'"});
  expect_message(summary(judged(hump(), with_limits(at_iteration(1001, 0)))), {"error\nmissing: ", "1001"});
}

TEST(CheckpointRules, ALabelSomeOfWhoseCheckpointsMayHaveBeenDroppedIsAnError) {
  auto repetition = hump();
  repetition.checkpoints_dropped = 44;
  config::CheckpointLimits limits;
  limits.label = "half_way";
  limits.rss_growth_bytes = 100 * mib;
  expect_message(summary(judged(repetition, with_limits(limits))), {"error\nmissing: ", "'half_way'", "44"});
  EXPECT_EQ(judged(repetition, with_limits(at_iteration(280, 2 * mib))).verdict, Verdict::pass)
      << "those by iteration are never dropped";
}

TEST(CheckpointRules, AReadingThatIsNotThereIsAnError) {
  auto repetition = hump();
  repetition.checkpoints.at(26).rss_bytes = std::nullopt;
  config::CheckpointLimits limits;
  limits.label = "half_way";
  limits.rss_growth_bytes = 100 * mib;
  expect_message(summary(judged(repetition, with_limits(limits))), {"error\nmissing: ", "'half_way'"});
}

}  // namespace
}  // namespace soak::verdict
