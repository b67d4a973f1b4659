#include <gtest/gtest.h>

#include "history/metric_change.hpp"

namespace soak::history {
namespace {

struct Case {
  const char* name;
  std::optional<std::int64_t> preemptions;
  double loop_seconds;
  std::optional<double> used_seconds;
  bool expected;
};
const std::vector<Case> cases = {
    {"never preempted, waiting for a server all the time", 0, 10, 0.1, false},
    {"once, in a loop of microseconds that waited a slice", 1, 0.0126, 0.00004, true},
    {"once, and the loop ran all the time", 1, 0.01, 0.0099, false},
    {"more processor time than wall time, with threads of its own", 500, 1, 1.9, false},
    {"a few times in a long loop", 10, 2, 1.0, false},
    {"all along, by a neighbour that took half", 300, 2, 1.0, true},
    {"all along a loop that waits as well: what it lost is not known, and may be much", 300, 2, 0.1, true},
    {"processor time not known", 30, 2, {}, true},
    {"an older record does not say", {}, 2, 0.1, false},
};

record::Repetition repetition_of(const Case& of) {
  record::Repetition repetition;
  repetition.preemptions = of.preemptions;
  repetition.iterations = 1000;
  if (of.used_seconds) repetition.iteration_cpu_time_ns = *of.used_seconds * 1e6;
  record::Checkpoint final;
  final.kind = record::CheckpointKind::final;
  final.elapsed_seconds = of.loop_seconds;
  repetition.checkpoints = {record::Checkpoint{}, final};
  return repetition;
}

TEST(IsTimeDisturbed, WhereOthersMayHaveHadMoreThanATwentieth) {
  for (const auto& of : cases) EXPECT_EQ(is_time_disturbed(repetition_of(of)), of.expected) << of.name;
}

TEST(IsTimeDisturbed, NotWithoutCheckpoints) {
  record::Repetition repetition;
  repetition.preemptions = 100;
  EXPECT_FALSE(is_time_disturbed(repetition));
}

}  // namespace
}  // namespace soak::history
