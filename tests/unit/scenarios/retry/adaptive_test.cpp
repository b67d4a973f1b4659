#include "retry/adaptive.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace recovery {
namespace {

using namespace std::chrono_literals;

constexpr RetryConfig config{.max_attempts = 1000, .base_delay = 100ms, .max_delay = 1s};

void record(Adaptive& strategy, AttemptOutcome outcome, int times = 1) {
  for (int i = 0; i < times; ++i) strategy.record(0, outcome, TimePoint());
}

/// The window after `outcomes`, 'S' a success and 'f' a failure.
void record(Adaptive& strategy, const std::string& outcomes) {
  for (const char outcome : outcomes)
    record(strategy, outcome == 'S' ? AttemptOutcome::success : AttemptOutcome::failure);
}

TEST(Adaptive, WaitsTheBaseDelayBeforeAnythingIsKnown) {
  const Adaptive strategy(config);
  EXPECT_EQ(strategy.current_delay(), 100ms);
  EXPECT_EQ(strategy.success_percent(), 100);
}

struct ThresholdCase {
  std::string name;
  std::string outcomes;  ///< The last one decides: before it at least 70 % succeeded all along.
  double percent;
  Duration delay;
};

const std::vector<ThresholdCase> threshold_cases = {
    {"exactly 70 %", "SSSSSSSfff", 70, 100ms},
    {"just above 70 %", std::string(48, 'S') + std::string(20, 'f'), 100.0 * 48 / 68, 100ms},
    {"just below 70 %", std::string(48, 'S') + std::string(21, 'f'), 100.0 * 48 / 69, 200ms},
    {"one in three failed", "SSf", 100.0 * 2 / 3, 200ms},
    {"one in four failed", "SSSf", 75, 100ms},
};

TEST(Adaptive, LengthensItsDelayOnlyUnderSeventyPercentSuccess) {
  for (const auto& [name, outcomes, percent, delay] : threshold_cases) {
    Adaptive strategy(config, 100);
    record(strategy, outcomes);
    EXPECT_DOUBLE_EQ(strategy.success_percent(), percent) << name;
    EXPECT_EQ(strategy.current_delay(), delay) << name;
  }
}

TEST(Adaptive, DelayDoublesUpToTheLongestAndHalvesDownToTheBase) {
  Adaptive strategy(config, 10);
  std::vector<Duration> delays;
  for (int i = 0; i < 5; ++i) {
    record(strategy, "f");
    delays.push_back(strategy.current_delay());
  }
  EXPECT_EQ(delays, (std::vector<Duration>{200ms, 400ms, 800ms, 1s, 1s}));

  record(strategy, AttemptOutcome::success, 20);
  EXPECT_EQ(strategy.current_delay(), 100ms);
}

TEST(Adaptive, HalvesWithEachOutcomeOnceEnoughSucceeds) {
  Adaptive strategy(config, 10);
  record(strategy, "ffffffffff");
  record(strategy, "SSSSSS");
  EXPECT_EQ(strategy.current_delay(), 1s);
  record(strategy, "S");
  EXPECT_EQ(strategy.current_delay(), 500ms);
  record(strategy, "SS");
  EXPECT_EQ(strategy.current_delay(), 125ms);
}

TEST(Adaptive, IsTheDelayThatAFailureIsAnsweredWith) {
  Adaptive strategy(config, 10);
  record(strategy, "ff");
  EXPECT_EQ(strategy.delay_after({}), 400ms);
}

TEST(Adaptive, WindowNeverHoldsMoreThanItsSizeAndForgetsTheOldest) {
  Adaptive strategy(config, 4);
  record(strategy, "fff");
  EXPECT_EQ(strategy.outcomes_kept(), 3U);
  record(strategy, AttemptOutcome::success, 2);
  EXPECT_EQ(strategy.outcomes_kept(), 4U);
  EXPECT_EQ(strategy.success_percent(), 50);  // "ffSS": the first failure is forgotten.
  record(strategy, AttemptOutcome::success, 2);
  EXPECT_EQ(strategy.success_percent(), 100);
  record(strategy, AttemptOutcome::failure);
  EXPECT_EQ(strategy.success_percent(), 75);
  record(strategy, AttemptOutcome::success, 10'000);
  EXPECT_EQ(strategy.outcomes_kept(), 4U);
  EXPECT_EQ(strategy.success_percent(), 100);
}

TEST(Adaptive, AbandonedAttemptsSayNothing) {
  Adaptive strategy(config);
  record(strategy, AttemptOutcome::abandoned, 10);
  EXPECT_EQ(strategy.outcomes_kept(), 0U);
  EXPECT_EQ(strategy.current_delay(), 100ms);
}

TEST(Adaptive, RefusesAWindowWithoutRoom) { EXPECT_THROW(Adaptive(config, 0), std::invalid_argument); }

}  // namespace
}  // namespace recovery
