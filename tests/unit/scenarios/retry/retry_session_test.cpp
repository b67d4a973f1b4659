#include "retry/retry_session.hpp"

#include <gmock/gmock.h>

#include <optional>
#include <utility>
#include <vector>

namespace recovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr TimePoint start{};

/// Waits `number` seconds after the attempt of that number; notes what it is told.
class NotingStrategy final : public RetryStrategy {
 public:
  NotingStrategy() : RetryStrategy({.max_attempts = 3}) {}
  [[nodiscard]] std::string_view name() const noexcept override { return "noting"; }
  [[nodiscard]] Admission admit(TimePoint) override { return {refuse_until, next_ticket++}; }
  void record(std::uint64_t ticket, AttemptOutcome outcome, TimePoint at) override {
    recorded.emplace_back(ticket, outcome, at);
  }

  std::optional<TimePoint> refuse_until;
  std::uint64_t next_ticket = 7;
  std::vector<std::tuple<std::uint64_t, AttemptOutcome, TimePoint>> recorded;

 protected:
  [[nodiscard]] Duration choose_delay(const FailedAttempt& attempt) override {
    return std::chrono::seconds(attempt.number);
  }
};

TEST(RetrySession, NextAttemptIsDueTheDelayAfterTheFailure) {
  NotingStrategy strategy;
  RetrySession session(strategy);
  EXPECT_FALSE(session.begin_attempt(start));
  EXPECT_EQ(session.failed(start + 10s), start + 11s);
  EXPECT_FALSE(session.begin_attempt(start + 11s));
  EXPECT_EQ(session.failed(start + 20s), start + 22s);
  EXPECT_FALSE(session.begin_attempt(start + 22s));
  EXPECT_EQ(session.failed(start + 30s), std::nullopt);
  EXPECT_EQ(session.attempts(), 3);
}

TEST(RetrySession, PassesOnWhatTheServerAskedFor) {
  NotingStrategy strategy;
  RetrySession session(strategy);
  EXPECT_FALSE(session.begin_attempt(start));
  EXPECT_EQ(session.failed(start, 90s), start + 90s);
  EXPECT_FALSE(session.begin_attempt(start + 90s));
  EXPECT_EQ(session.failed(start, 0s, Retryable::no), std::nullopt);
}

TEST(RetrySession, RecordsEachOutcomeUnderItsTicket) {
  NotingStrategy strategy;
  RetrySession session(strategy);
  EXPECT_FALSE(session.begin_attempt(start));
  EXPECT_TRUE(session.failed(start + 1s));
  EXPECT_FALSE(session.begin_attempt(start + 2s));
  session.succeeded(start + 3s);
  EXPECT_THAT(strategy.recorded, ElementsAre(std::tuple(7, AttemptOutcome::failure, start + 1s),
                                             std::tuple(8, AttemptOutcome::success, start + 3s)));
}

TEST(RetrySession, ARefusedAttemptHasNotBegun) {
  NotingStrategy strategy;
  strategy.refuse_until = start + 5s;
  RetrySession session(strategy);
  EXPECT_EQ(session.begin_attempt(start), start + 5s);
  EXPECT_FALSE(session.attempt_under_way());
  EXPECT_EQ(session.attempts(), 0);
}

TEST(RetrySession, AnAttemptLeftUnfinishedIsAbandonedOnce) {
  NotingStrategy strategy;
  {
    RetrySession session(strategy);
    EXPECT_FALSE(session.begin_attempt(start + 4s));
    const RetrySession moved(std::move(session));
    EXPECT_TRUE(moved.attempt_under_way());
    EXPECT_TRUE(strategy.recorded.empty());
  }
  EXPECT_THAT(strategy.recorded, ElementsAre(std::tuple(7, AttemptOutcome::abandoned, start + 4s)));
}

TEST(RetrySession, AssigningOverAnAttemptAbandonsIt) {
  NotingStrategy strategy;
  RetrySession session(strategy);
  EXPECT_FALSE(session.begin_attempt(start));
  session = RetrySession(strategy);
  EXPECT_THAT(strategy.recorded, ElementsAre(std::tuple(7, AttemptOutcome::abandoned, start)));
  EXPECT_EQ(session.attempts(), 0);
}

TEST(RetrySession, AFinishedAttemptIsNotAbandoned) {
  NotingStrategy strategy;
  {
    RetrySession session(strategy);
    EXPECT_FALSE(session.begin_attempt(start));
    session.succeeded(start);
  }
  EXPECT_EQ(strategy.recorded.size(), 1U);
}

TEST(RetrySession, RefusesCallsOutOfOrder) {
  NotingStrategy strategy;
  RetrySession session(strategy);
  EXPECT_THROW(session.succeeded(start), std::logic_error);
  EXPECT_THROW((void)session.failed(start), std::logic_error);
  EXPECT_FALSE(session.begin_attempt(start));
  EXPECT_THROW((void)session.begin_attempt(start), std::logic_error);
}

}  // namespace
}  // namespace recovery
