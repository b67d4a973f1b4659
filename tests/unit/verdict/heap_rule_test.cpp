#include <cmath>
#include <random>

#include "runs.hpp"

namespace soak::verdict {
namespace {

using record::Checkpoint;
using testing::HasSubstr;

// Live heap and blocks on top of a flat run, as a function of the iteration.
using Curve = std::function<std::int64_t(std::int64_t)>;
record::Repetition with_heap(const Curve& bytes, const Curve& blocks) {
  return thousand_iterations([&](Checkpoint& c) {
    *c.heap_bytes += bytes(c.iteration);
    *c.heap_blocks += blocks(c.iteration);
  });
}

struct HeapCase {
  std::string name;
  Curve bytes, blocks;
  Verdict expected;
};
const std::vector<HeapCase> heap_cases = {
    {"flat", [](auto) { return 0; }, [](auto) { return 0; }, Verdict::pass},
    {"one block an iteration", [](auto i) { return 24 * i; }, [](auto i) { return i; }, Verdict::leak},
    {"16 bytes each hundredth iteration", [](auto i) { return i / 100 * 24; }, [](auto i) { return i / 100; },
     Verdict::leak},
    {"warm-up in the first half", [](auto i) { return std::min<std::int64_t>(i, 480) * 1000; },
     [](auto i) { return std::min<std::int64_t>(i, 480); }, Verdict::pass},
    {"bounded ring", [](auto i) { return i % 140 * 100; }, [](auto i) { return i % 140; }, Verdict::pass},
    {"noise whose floor differs from window to window", [](auto i) { return i * 37 % 1009 * 24; },
     [](auto i) { return i * 37 % 1009; }, Verdict::pass},
    {"given back over time", [](auto i) { return (1000 - i) * 10; }, [](auto i) { return 1000 - i; }, Verdict::pass},
    {"rounding: blocks flat, 2 KiB drift over 100 blocks", [](auto i) { return i * 1600 / 1000; },
     [](auto) { return 0; }, Verdict::pass},
    {"a buffer that grows: blocks flat, beyond rounding", [](auto i) { return i * 24; }, [](auto) { return 0; },
     Verdict::leak},
    {"blocks grow with the bytes, little as it is", [](auto i) { return i; }, [](auto i) { return i / 24; },
     Verdict::leak},
};

TEST(HeapRule, ConvictsGrowthAfterWarmUpAndNothingElse) {
  for (const auto& [name, bytes, blocks, expected] : heap_cases)
    EXPECT_EQ(judged(with_heap(bytes, blocks)).verdict, expected) << name;
}

record::Repetition leak_of(std::int64_t bytes_per_iteration) {
  return with_heap([=](auto i) { return bytes_per_iteration * i; }, [](auto i) { return i; });
}

TEST(HeapRule, SaysGrowthAndLimitInOneSentence) {
  const auto verdict = judged(leak_of(24));
  EXPECT_EQ(summary(verdict),
            "leak\nheap_growth: live heap grows 24 B per iteration from iteration 0 on (limit 0 B); 23.4 KiB in all");
  EXPECT_EQ(verdict.findings.at(0).value, 24);
  EXPECT_EQ(verdict.findings.at(0).limit, 0);
  EXPECT_EQ(verdict.heap_growth_bytes_per_iteration, 24);
}

TEST(HeapRule, GrowthUpToTheLimitIsAccepted) {
  auto config = config::default_config();
  config.defaults.heap_growth_bytes_per_iteration = 24;
  EXPECT_EQ(judged(leak_of(24), config).verdict, Verdict::pass);
  EXPECT_EQ(judged(leak_of(25), config).verdict, Verdict::leak);
}

TEST(HeapRule, AScenariosOwnWarmUpMovesTheJudgedPart) {
  const auto bounded_at_800 = with_heap([](auto i) { return std::min<std::int64_t>(i, 800) * 10; },
                                        [](auto i) { return std::min<std::int64_t>(i, 800); });
  EXPECT_EQ(judged(bounded_at_800).verdict, Verdict::leak);
  auto config = config::default_config();
  config.tables["A"].settings.warm_up = 800;
  EXPECT_EQ(judged(bounded_at_800, config).verdict, Verdict::pass);
}

TEST(HeapRule, LabelledCheckpointsStandOutsideTheWindows) {
  auto repetition = thousand_iterations();
  auto labelled = flat_checkpoint(1000);
  labelled.kind = record::CheckpointKind::labelled;
  labelled.heap_bytes = 0;  // Would be the lowest reading of the last window.
  repetition = leak_of(24);
  repetition.checkpoints.insert(repetition.checkpoints.end() - 1, labelled);
  EXPECT_EQ(judged(repetition).verdict, Verdict::leak);
}

TEST(HeapRule, TooShortToTellIsGrowingWhenEachLookShowsMore) {
  const auto growing = [](Checkpoint& c) { *c.heap_bytes += c.iteration * 24, *c.heap_blocks += c.iteration; };
  const auto verdict = judged(repetition_of(1000, 5, growing));
  EXPECT_EQ(
      summary(verdict),
      "growing\nheap_growth: live heap grew 24 B per iteration over 1000 iterations (limit 0 B), too few to tell a "
      "leak from warm-up; run more iterations");
  EXPECT_EQ(verdict.heap_growth_bytes_per_iteration, 24);
  EXPECT_EQ(judged(repetition_of(7, 8, growing)).verdict, Verdict::growing) << "seven iterations";
  EXPECT_EQ(judged(repetition_of(1000, 2, growing)).verdict, Verdict::growing) << "baseline and final alone";
  EXPECT_EQ(judged(repetition_of(1000, 5,
                                 [](Checkpoint& c) {
                                   *c.heap_bytes += c.iteration > 0 ? 24 : 0, *c.heap_blocks += c.iteration > 0;
                                 }))
                .verdict,
            Verdict::growing)
      << "one step, of which it cannot be told whether it comes again";
  EXPECT_EQ(judged(repetition_of(1000, 5, [](Checkpoint& c) { *c.heap_bytes += c.iteration * 2; })).verdict,
            Verdict::growing)
      << "no more blocks, but more than rounding";
}

TEST(HeapRule, TooShortToTellPassesWhatDidNotGrow) {
  EXPECT_EQ(judged(repetition_of(1000, 5)).verdict, Verdict::pass) << "flat";
  EXPECT_EQ(judged(repetition_of(7, 8)).verdict, Verdict::pass) << "seven iterations";
  EXPECT_EQ(judged(repetition_of(1000, 5, [](Checkpoint& c) { *c.heap_bytes += c.iteration; })).verdict,
            Verdict::pass)
      << "rounding: 1,000 B over 100 blocks";
  auto config = config::default_config();
  config.defaults.heap_growth_bytes_per_iteration = 24;
  const auto at_the_limit = [](Checkpoint& c) { *c.heap_bytes += c.iteration * 24, *c.heap_blocks += c.iteration; };
  EXPECT_EQ(judged(repetition_of(1000, 5, at_the_limit), config).verdict, Verdict::pass) << "up to the limit";
}

TEST(HeapRule, AWarmUpThatLeavesNothingToJudgeHidesNoLeak) {
  auto config = config::default_config();
  for (const auto warm_up : {901, 999, 1000, 1001, 1'000'000}) {
    config.tables["A"].settings.warm_up = warm_up;
    EXPECT_EQ(judged(leak_of(24), config).verdict, Verdict::growing) << warm_up;
    EXPECT_EQ(judged(thousand_iterations(), config).verdict, Verdict::pass) << warm_up << ", flat";
  }
  config.tables["A"].settings.warm_up = 1000;
  EXPECT_EQ(
      summary(judged(leak_of(24), config)),
      "growing\nheap_growth: live heap grew 24 B per iteration over 1000 iterations (limit 0 B), too few to tell "
      "a leak from warm-up; run more iterations or lower warm_up (1000)");
}

TEST(HeapRule, WithoutHeapCountersIsAnErrorThatSaysWhy) {
  auto repetition = thousand_iterations([](Checkpoint& c) { c.heap_bytes = c.heap_blocks = std::nullopt; });
  repetition.heap_unavailable = "SOAK_PROBE=off";
  EXPECT_EQ(summary(judged(repetition)),
            "error\nmissing: live heap was not measured, so its limit of 0 B per iteration cannot be judged: "
            "SOAK_PROBE=off");
  auto config = config::default_config();
  config.defaults.heap_growth_bytes_per_iteration = std::nullopt;
  EXPECT_EQ(judged(repetition, config).verdict, Verdict::pass) << "no limit on the heap";
}

TEST(HeapRule, APassSaysTheSmallestLeakItWouldHaveSeen) {
  const auto without_blocks = [](Checkpoint& c) { c.heap_blocks = std::nullopt; };
  auto config = config::default_config();
  const auto expect_claim = [&](const record::Repetition& repetition, double least, double most) {
    const auto claim = judged(repetition, config).smallest_leak_seen_bytes_per_iteration.value_or(-1);
    EXPECT_GE(claim, least);
    EXPECT_LE(claim, most);
  };
  expect_claim(thousand_iterations(without_blocks), 24.0 / 1000, 24.0 / 800);  // one block
  expect_claim(thousand_iterations(), 24.0 / 1000, 24.0 / 800);
  auto noisy = with_heap([](auto i) { return i / 20 % 2 * 1000; }, [](auto) { return 0; });
  expect_claim(noisy, 1500.0 / 1000, 1500.0 / 800);  // the number of blocks shows it, longer runs its bytes
  for (auto& checkpoint : noisy.checkpoints) without_blocks(checkpoint);
  expect_claim(noisy, 1500.0 / 1000, 1000.0 / 180);
  expect_claim(leak_of(24), -1, -1);
  config.defaults.heap_growth_bytes_per_iteration = 8;
  expect_claim(thousand_iterations(without_blocks), 8, 10);
  config.defaults.heap_growth_bytes_per_iteration = 30;
  expect_claim(noisy, 30 + 1000.0 / 500, 30 + 1000.0 / 100);
}

// Readings of a flat level under seeded noise, with a line of `slope` on top, in blocks of 24 B.
record::Repetition noisy_line(unsigned seed, std::int64_t amplitude, bool has_blocks, double slope) {
  std::mt19937 random(seed);
  return thousand_iterations([&](Checkpoint& c) {
    *c.heap_bytes += static_cast<std::int64_t>(random() % static_cast<unsigned>(amplitude + 1));
    *c.heap_bytes += std::llround(slope * static_cast<double>(c.iteration));
    *c.heap_blocks += static_cast<std::int64_t>(slope * static_cast<double>(c.iteration) / 24);
    if (!has_blocks) c.heap_blocks = std::nullopt;
  });
}

TEST(HeapRule, ALeakFasterThanTheSmallestOneIsAlwaysSeen) {
  for (const double limit : {0.0, 8.0})
    for (const bool has_blocks : {false, true})
      for (const std::int64_t amplitude : {0, 400, 5000, 200'000})
        for (unsigned seed = 1; seed <= 20; ++seed) {
          auto config = config::default_config();
          config.defaults.heap_growth_bytes_per_iteration = limit;
          const auto clean = judged(noisy_line(seed, amplitude, has_blocks, 0), config);
          if (clean.verdict != Verdict::pass)
            continue;  // 400 B of noise without a count of blocks may happen to rise
          const auto slope = 1.01 * clean.smallest_leak_seen_bytes_per_iteration.value();
          EXPECT_NE(judged(noisy_line(seed, amplitude, has_blocks, slope), config).verdict, Verdict::pass)
              << "limit " << limit << ", noise " << amplitude << ", seed " << seed << ", slope " << slope;
        }
}

// The nearer a hidden leak is to being found, the less do the windows overlap: that must not be taken for little
// noise.
TEST(HeapRule, APassNeverDeniesTheLeakThatItHides) {
  int hidden = 0;
  for (int slope = 1; slope <= 25; ++slope)
    for (unsigned seed = 1; seed <= 20; ++seed) {
      const auto verdict = judged(noisy_line(seed, 5000, false, slope));
      if (verdict.verdict != Verdict::pass) continue;
      ++hidden;
      EXPECT_GE(verdict.smallest_leak_seen_bytes_per_iteration.value(), slope) << "seed " << seed;
    }
  EXPECT_GT(hidden, 100);
}

TEST(HeapRule, SaysWhetherItsFigureIsNoise) {
  const auto is_noise = [](const Curve& bytes, const Curve& blocks) {
    return judged(with_heap(bytes, blocks)).heap_growth_is_noise;
  };
  const auto none = [](auto) { return 0; };
  EXPECT_TRUE(is_noise([](auto i) { return i * 37 % 1009 * 24; }, none));
  EXPECT_TRUE(is_noise([](auto i) { return i * 1600 / 1000; }, none)) << "rounding";
  EXPECT_FALSE(is_noise([](auto i) { return i * 24; }, [](auto i) { return i; })) << "a leak";
  EXPECT_FALSE(is_noise([](auto i) { return (1000 - i) * 10; }, [](auto i) { return 1000 - i; })) << "given back";
  EXPECT_FALSE(judged(repetition_of(1000, 5)).heap_growth_is_noise) << "nothing to judge by";
}

}  // namespace
}  // namespace soak::verdict
