#include <gtest/gtest.h>

#include "run/plan.hpp"

namespace soak::run {
namespace {

using std::chrono::seconds;

TEST(TimeShares, AreEqualWhereEachUsesItsOwn) {
  TimeShares shares(seconds{100}, 4, 1);
  EXPECT_DOUBLE_EQ(shares.next(seconds{0}), 25);
  EXPECT_DOUBLE_EQ(shares.next(seconds{25}), 25);
  EXPECT_DOUBLE_EQ(shares.next(seconds{50}), 25);
  EXPECT_DOUBLE_EQ(shares.next(seconds{75}), 25);
}

TEST(TimeShares, WhatOneLeavesGoesToTheOthersAndWhatItOverdrawsComesFromThem) {
  TimeShares shares(seconds{90}, 3, 1);
  EXPECT_DOUBLE_EQ(shares.next(seconds{0}), 30);
  EXPECT_DOUBLE_EQ(shares.next(seconds{10}), 40);
  EXPECT_DOUBLE_EQ(shares.next(seconds{100}), 0);
  EXPECT_DOUBLE_EQ(shares.next(seconds{100}), 0) << "no more scenarios than were planned";
}

TEST(TimeShares, SeveralAtATimeHaveLonger) {
  TimeShares shares(seconds{100}, 4, 2);
  EXPECT_DOUBLE_EQ(shares.next(seconds{0}), 50);
  TimeShares more_jobs_than_scenarios(seconds{100}, 2, 8);
  EXPECT_DOUBLE_EQ(more_jobs_than_scenarios.next(seconds{0}), 100);
}

record::Scenario planned(std::optional<std::int64_t> iterations, std::size_t repetitions = 1) {
  record::Scenario scenario;
  scenario.planned_iterations = iterations;
  scenario.repetitions.resize(repetitions);
  return scenario;
}

/// 1,000 iterations of a millisecond, and a second around them.
record::Repetition pilot() {
  record::Repetition repetition;
  repetition.ending = record::Ending::finished;
  repetition.wall_seconds = 2;
  repetition.iteration_time_ns = 1e6;
  return repetition;
}

struct Case {
  std::string name;
  record::Scenario planned;
  record::Repetition pilot;
  bool can_be_scaled;
  double share_seconds;
  std::int64_t iterations;
  int repetitions;
};
std::vector<Case> cases() {
  auto failed = pilot();
  failed.ending = record::Ending::crashed;
  auto without_time = pilot();
  without_time.iteration_time_ns = {};
  auto instant = pilot();
  instant.iteration_time_ns = 1e-9;
  return {
      {"three quarters, less pilot and set-up", planned(1000), pilot(), true, 100, 72'000, 1},
      {"among its repetitions", planned(1000, 3), pilot(), true, 100, 23'333, 3},
      {"a share as long as the plan", planned(1000), pilot(), true, 4, 1000, 1},
      {"nothing left", planned(1000), pilot(), true, 0, 1000, 1},
      {"died", planned(1000), failed, true, 100, 1000, 1},
      {"not timed", planned(1000), without_time, true, 100, 1000, 1},
      {"too fast to count", planned(1000), instant, true, 1e9, std::int64_t{1} << 48, 1},
      {"not to be scaled", planned(1000), pilot(), false, 100, 1000, 36},
      {"fixes no iterations", planned({}), pilot(), true, 100, 0, 36},
      {"repeated a thousand times at most", planned({}), pilot(), true, 1e6, 0, 1000},
      {"repeated as planned at least", planned({}, 50), pilot(), true, 10, 0, 50},
  };
}
TEST(FillShare, RunsLongerOrMoreOften) {
  for (const auto& [name, scenario, first, can_be_scaled, share_seconds, iterations, repetitions] : cases()) {
    const auto filling = fill_share(scenario, first, can_be_scaled, share_seconds);
    EXPECT_EQ(filling.iterations, iterations) << name;
    EXPECT_EQ(filling.repetitions, repetitions) << name;
  }
}

}  // namespace
}  // namespace soak::run
