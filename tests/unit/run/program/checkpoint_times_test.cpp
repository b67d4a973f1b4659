#include <gmock/gmock.h>

#include "run/program/samples.hpp"

namespace soak::run {
namespace {

using testing::ElementsAre;

TEST(CheckpointIterations, AscendOneACellAndEndWithTheLast) {
  const std::pair<std::int64_t, int> cases[] = {{1, 64}, {3, 64}, {64, 64}, {100, 64}, {1'000'000, 64}, {7, 2}};
  for (const auto& [iterations, count] : cases) {
    const auto places = checkpoint_iterations(iterations, count);
    EXPECT_EQ(places.size(), static_cast<std::size_t>(std::min<std::int64_t>(iterations, count)));
    EXPECT_TRUE(std::ranges::is_sorted(places, std::less_equal{}) || places.size() == 1);
    EXPECT_GE(places.front(), 1);
    EXPECT_EQ(places.back(), iterations);
    EXPECT_EQ(places, checkpoint_iterations(iterations, count)) << "a function of both alone";
  }
  EXPECT_TRUE(checkpoint_iterations(0, 64).empty());
}

TEST(CheckpointIterations, AreNotEvenlySpread) {
  const auto places = checkpoint_iterations(64'000, 64);
  std::set<std::int64_t> steps;
  for (std::size_t i = 1; i < places.size(); ++i) steps.insert(places[i] - places[i - 1]);
  EXPECT_GT(steps.size(), 30U);
}

TEST(Samples, StayBoundedAndSpreadOverTheWholeRun) {
  Samples samples(64);
  const auto began = Samples::Clock::now();
  auto now = began;
  std::int64_t taken = 0;
  for (int i = 0; i < 1'000'000; ++i, now += std::chrono::milliseconds(100)) {
    if (!samples.is_due(now)) continue;
    record::Checkpoint sample;
    sample.iteration = i / 10;
    samples.add(sample, now);
    ++taken;
  }
  const auto kept = samples.checkpoints();
  EXPECT_LE(kept.size(), 128U);
  EXPECT_GE(kept.size(), 60U);
  EXPECT_LT(taken, 2'000);
  EXPECT_EQ(kept.front().kind, record::CheckpointKind::baseline);
  EXPECT_EQ(kept.front().iteration, 0) << "the first sample stays";
  EXPECT_EQ(kept.back().kind, record::CheckpointKind::final);
  EXPECT_GT(kept.back().iteration, 95'000);
  for (std::size_t i = 1; i < kept.size(); ++i) EXPECT_LT(kept[i].iteration - kept[i - 1].iteration, 5'000);
}

}  // namespace
}  // namespace soak::run
