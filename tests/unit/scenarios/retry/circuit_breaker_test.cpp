#include "retry/circuit_breaker.hpp"

#include <gtest/gtest.h>

namespace recovery {
namespace {

using namespace std::chrono_literals;
using State = CircuitBreaker::State;

class CircuitBreakerTest : public testing::Test {
 protected:
  static constexpr TimePoint start{};

  void record(AttemptOutcome outcome, TimePoint at) {
    const auto admission = breaker_.admit(at);
    ASSERT_TRUE(admission.admitted());
    breaker_.record(admission.ticket, outcome, at);
  }
  void fail(int times, TimePoint at = start) {
    for (int i = 0; i < times; ++i) record(AttemptOutcome::failure, at);
  }
  void open_at(TimePoint at) {
    fail(3, at);
    ASSERT_EQ(breaker_.state(), State::open);
  }

  CircuitBreaker breaker_{{.max_attempts = 100, .base_delay = 100ms, .max_delay = 60s},
                          {.failure_threshold = 3, .cool_down = 10s}};
};

TEST_F(CircuitBreakerTest, StaysClosedBelowTheThreshold) {
  fail(2);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, OpensWithTheFailureThatReachesTheThreshold) {
  fail(3);
  EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(CircuitBreakerTest, CountsOnlyFailuresInARow) {
  fail(2);
  record(AttemptOutcome::success, start);
  fail(2);
  EXPECT_EQ(breaker_.state(), State::closed);
  fail(1);
  EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(CircuitBreakerTest, AbandonedAttemptsNeitherCountNorInterruptARow) {
  fail(2);
  record(AttemptOutcome::abandoned, start);
  EXPECT_EQ(breaker_.state(), State::closed);
  fail(1);
  EXPECT_EQ(breaker_.state(), State::open);
}

TEST_F(CircuitBreakerTest, RefusesWhileOpenAndSaysWhenToAskAgain) {
  open_at(start + 5s);
  for (const auto now : {start + 5s, start + 15s - 1ns}) {
    EXPECT_EQ(breaker_.admit(now).ask_again_at, start + 15s);
    EXPECT_EQ(breaker_.state(), State::open);
  }
}

TEST_F(CircuitBreakerTest, LetsOneTrialThroughAtTheInstantTheCoolDownEnds) {
  open_at(start);
  EXPECT_TRUE(breaker_.admit(start + 10s).admitted());
  EXPECT_EQ(breaker_.state(), State::half_open);
  EXPECT_EQ(breaker_.admit(start + 10s).ask_again_at, start + 10s + 100ms);
}

TEST_F(CircuitBreakerTest, ClosesWhenTheTrialSucceedsAndCountsFromNothing) {
  open_at(start);
  record(AttemptOutcome::success, start + 10s);
  EXPECT_EQ(breaker_.state(), State::closed);
  fail(2, start + 10s);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, OpensAgainForAWholeCoolDownWhenTheTrialFails) {
  open_at(start);
  const auto trial = breaker_.admit(start + 10s);
  breaker_.record(trial.ticket, AttemptOutcome::failure, start + 12s);
  EXPECT_EQ(breaker_.state(), State::open);
  EXPECT_EQ(breaker_.admit(start + 12s).ask_again_at, start + 22s);
  EXPECT_TRUE(breaker_.admit(start + 22s).admitted());
}

TEST_F(CircuitBreakerTest, AnAbandonedTrialLeavesItsPlaceToTheNext) {
  open_at(start);
  record(AttemptOutcome::abandoned, start + 10s);
  EXPECT_EQ(breaker_.state(), State::half_open);
  record(AttemptOutcome::success, start + 10s);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, StragglersFromBeforeItOpenedDoNotDecideTheTrial) {
  const auto early_bad = breaker_.admit(start);
  const auto early_good = breaker_.admit(start);
  open_at(start);
  breaker_.record(early_good.ticket, AttemptOutcome::success, start + 1s);
  EXPECT_EQ(breaker_.state(), State::open);
  const auto trial = breaker_.admit(start + 10s);
  breaker_.record(early_bad.ticket, AttemptOutcome::failure, start + 11s);
  EXPECT_EQ(breaker_.state(), State::half_open);
  EXPECT_FALSE(breaker_.admit(start + 11s).admitted());
  breaker_.record(trial.ticket, AttemptOutcome::success, start + 12s);
  EXPECT_EQ(breaker_.state(), State::closed);
}

TEST_F(CircuitBreakerTest, WaitsTheBaseDelayWhileClosedAndUntilTheTrialWhileOpen) {
  FailedAttempt failed;
  fail(2);
  EXPECT_EQ(breaker_.delay_after(failed), 100ms);
  fail(1);
  EXPECT_EQ(breaker_.delay_after(failed), 10s);
  failed.failed_at = start + 4s;
  EXPECT_EQ(breaker_.delay_after(failed), 6s);
  failed.failed_at = start + 10s;
  EXPECT_EQ(breaker_.delay_after(failed), 100ms);
}

TEST(CircuitBreaker, NeverTellsTheRefusedToAskAgainAtOnce) {
  CircuitBreaker breaker({.base_delay = 0ns}, {.failure_threshold = 1, .cool_down = 0ns});
  breaker.record(breaker.admit(TimePoint()).ticket, AttemptOutcome::failure, TimePoint());
  ASSERT_TRUE(breaker.admit(TimePoint()).admitted());
  EXPECT_EQ(breaker.admit(TimePoint()).ask_again_at, TimePoint() + 1ms);
}

TEST(CircuitBreaker, RefusesAConfigurationThatContradictsItself) {
  const RetryConfig config{.max_delay = 10s};
  EXPECT_THROW(CircuitBreaker(config, {.failure_threshold = 0}), std::invalid_argument);
  EXPECT_THROW(CircuitBreaker(config, {.cool_down = -1ns}), std::invalid_argument);
  EXPECT_THROW(CircuitBreaker(config, {.cool_down = 10s + 1ns}), std::invalid_argument);
  EXPECT_NO_THROW(CircuitBreaker(config, {.cool_down = 10s}));
}

}  // namespace
}  // namespace recovery
