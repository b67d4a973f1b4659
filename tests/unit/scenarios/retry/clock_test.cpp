#include "retry/clock.hpp"

#include <gtest/gtest.h>

namespace recovery {
namespace {

using namespace std::chrono_literals;

TEST(ManualClock, StandsStillUntilItIsMoved) {
  ManualClock clock;
  EXPECT_EQ(clock.now(), TimePoint());
  clock.advance(3s);
  clock.sleep_for(5h);
  EXPECT_EQ(clock.now(), TimePoint() + 5h + 3s);
}

TEST(ManualClock, NeverRunsBackwards) {
  ManualClock clock;
  clock.advance(3s);
  clock.advance(-1s);
  clock.sleep_for(-1s);
  EXPECT_EQ(clock.now(), TimePoint() + 3s);
}

TEST(SteadyClock, GoesWithTheMachineAndNeverBack) {
  SteadyClock clock;
  const auto before = std::chrono::steady_clock::now();
  const auto now = clock.now();
  clock.sleep_for(-1h);
  EXPECT_LE(before, now);
  EXPECT_LE(now, clock.now());
}

}  // namespace
}  // namespace recovery
