#include "retry/error_recovery_manager.hpp"

#include <gmock/gmock.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "retry/circuit_breaker.hpp"
#include "retry/fixed_delay.hpp"

namespace recovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::FieldsAre;
using testing::IsEmpty;

const OperationInfo info{"fetch", "http://one", {{"accept", "*/*"}}};

Failure failure(std::string message) {
  Failure failed;
  failed.message = std::move(message);
  failed.notes = {"in the test"};
  return failed;
}

class ErrorRecoveryManagerTest : public testing::Test {
 protected:
  /// Fails `failures` times, then succeeds with how often it was called.
  auto succeeds_after(int failures) {
    return [failures, calls = 0]() mutable -> Attempt<int> {
      if (++calls <= failures) return failure("failure " + std::to_string(calls));
      return calls;
    };
  }

  ManualClock clock_;
  ErrorRecoveryManager manager_{std::make_unique<FixedDelay>(RetryConfig{.max_attempts = 3, .base_delay = 100ms}),
                                clock_, 2};
};

TEST_F(ErrorRecoveryManagerTest, ReturnsTheValueOfTheFirstAttemptThatSucceeds) {
  const std::vector<std::pair<int, Duration>> cases = {{0, 0ms}, {1, 100ms}, {2, 200ms}};
  for (const auto& [failures, waited] : cases) {
    const auto begun = clock_.now();
    const auto result = manager_.execute_with_retry(succeeds_after(failures), info);
    ASSERT_TRUE(result.succeeded()) << failures;
    EXPECT_EQ(result.value(), failures + 1);
    EXPECT_EQ(result.attempts(), failures + 1);
    EXPECT_EQ(clock_.now() - begun, waited) << failures;
  }
  EXPECT_EQ(manager_.reports().total_added(), 0U);
}

TEST_F(ErrorRecoveryManagerTest, GivesUpWithEverythingKnownAboutTheFailure) {
  clock_.advance(5s);
  const auto result = manager_.execute_with_retry(succeeds_after(3), info);
  ASSERT_FALSE(result.succeeded());
  EXPECT_EQ(result.attempts(), 3);
  const auto& error = result.error();
  const auto start = TimePoint() + 5s;
  EXPECT_EQ(error.info.url, "http://one");
  EXPECT_EQ(error.info.headers, info.headers);
  EXPECT_EQ(error.message, "failure 3");
  EXPECT_THAT(error.notes, ElementsAre("in the test"));
  EXPECT_EQ(error.attempts, 3);
  EXPECT_EQ(error.started_at, start);
  EXPECT_EQ(error.failed_at, start + 200ms);
  EXPECT_THAT(error.history,
              ElementsAre(FieldsAre(1, start, 100ms, "failure 1"), FieldsAre(2, start + 100ms, 100ms, "failure 2"),
                          FieldsAre(3, start + 200ms, 0ms, "failure 3")));
}

TEST_F(ErrorRecoveryManagerTest, ReportsWhatItGaveUpAndKeepsTheNewestReports) {
  for (const std::string url : {"http://1", "http://2", "http://3"})
    (void)manager_.execute_with_retry(succeeds_after(3), {"fetch", url, {}});
  std::vector<std::string> urls;
  for (const auto& report : manager_.reports().reports()) urls.push_back(report.info.url);
  EXPECT_THAT(urls, ElementsAre("http://2", "http://3"));
  EXPECT_EQ(manager_.reports().total_added(), 3U);
}

TEST_F(ErrorRecoveryManagerTest, WaitsAsLongAsTheServerAsks) {
  (void)manager_.execute_with_retry(
      [first = true]() mutable -> Attempt<std::monostate> {
        if (!std::exchange(first, false)) return std::monostate();
        auto busy = failure("503");
        busy.minimum_delay = 7s;
        return busy;
      },
      info);
  EXPECT_EQ(clock_.now(), TimePoint() + 7s);
}

TEST_F(ErrorRecoveryManagerTest, DoesNotRepeatWhatCannotSucceed) {
  const auto result = manager_.execute_with_retry(
      []() -> Attempt<std::monostate> {
        auto missing = failure("404");
        missing.retryable = false;
        return missing;
      },
      info);
  EXPECT_FALSE(result.succeeded());
  EXPECT_EQ(result.attempts(), 1);
  EXPECT_EQ(clock_.now(), TimePoint());
}

TEST_F(ErrorRecoveryManagerTest, MovesValuesThatCannotBeCopied) {
  auto result =
      manager_.execute_with_retry([]() -> Attempt<std::unique_ptr<int>> { return std::make_unique<int>(5); }, info);
  EXPECT_EQ(*std::move(result).value(), 5);
}

TEST_F(ErrorRecoveryManagerTest, ListsARecoveryWhileItIsOnItsWay) {
  std::map<RecoveryId, ActiveRecovery> during;
  (void)manager_.execute_with_retry(
      [&]() -> Attempt<std::monostate> {
        during = manager_.active_recoveries();
        return failure("again");
      },
      info);
  ASSERT_EQ(during.size(), 1U);
  EXPECT_EQ(during.begin()->second.operation, "fetch");
  EXPECT_EQ(during.begin()->second.url, "http://one");
  EXPECT_EQ(during.begin()->second.attempts, 3);
}

TEST_F(ErrorRecoveryManagerTest, LeavesNoActiveRecoveryBehind) {
  (void)manager_.execute_with_retry(succeeds_after(1), info);
  EXPECT_THAT(manager_.active_recoveries(), IsEmpty()) << "after success";
  (void)manager_.execute_with_retry(succeeds_after(9), info);
  EXPECT_THAT(manager_.active_recoveries(), IsEmpty()) << "after failure";
  EXPECT_THROW(manager_.execute_with_retry([]() -> Attempt<int> { throw std::runtime_error("bug"); }, info),
               std::runtime_error);
  EXPECT_THAT(manager_.active_recoveries(), IsEmpty()) << "after an exception";
  { const auto cancelled = manager_.start(info); }
  EXPECT_THAT(manager_.active_recoveries(), IsEmpty()) << "after cancelling";
}

TEST_F(ErrorRecoveryManagerTest, ExceptionsPassThroughWithoutARetry) {
  int calls = 0;
  const auto throws = [&]() -> Attempt<int> {
    ++calls;
    throw std::runtime_error("bug");
  };
  EXPECT_THROW(manager_.execute_with_retry(throws, info), std::runtime_error);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(manager_.reports().total_added(), 0U);
}

TEST_F(ErrorRecoveryManagerTest, StepByStepItNeverWaits) {
  auto recovery = manager_.start(info);
  EXPECT_FALSE(recovery.begin_attempt());
  EXPECT_EQ(recovery.failed(failure("reset")), TimePoint() + 100ms);
  EXPECT_EQ(clock_.now(), TimePoint());
  EXPECT_FALSE(recovery.begin_attempt());
  EXPECT_EQ(manager_.active_recoveries().begin()->second.attempts, 2);
  recovery.succeeded();
  EXPECT_EQ(recovery.attempts(), 2);
  EXPECT_EQ(manager_.reports().total_added(), 0U);
}

TEST(ErrorRecoveryManager, FailsAtOnceAndUnreportedWhileTheCircuitIsOpen) {
  ManualClock clock;
  const RetryConfig config{.max_attempts = 1};
  const CircuitBreakerConfig breaker{.failure_threshold = 1, .cool_down = 10s};
  ErrorRecoveryManager manager(std::make_unique<CircuitBreaker>(config, breaker), clock);
  int calls = 0;
  const auto fails = [&]() -> Attempt<int> {
    ++calls;
    return failure("down");
  };
  (void)manager.execute_with_retry(fails, info);
  const auto refused = manager.execute_with_retry(fails, info);
  EXPECT_EQ(calls, 1);
  EXPECT_EQ(refused.attempts(), 0);
  EXPECT_EQ(refused.error().message, "refused: circuit_breaker lets no attempt through for now");
  EXPECT_EQ(manager.reports().total_added(), 1U);
  clock.advance(10s);
  (void)manager.execute_with_retry(fails, info);
  EXPECT_EQ(calls, 2);
}

TEST(ErrorRecoveryManager, AnExceptionInTheTrialDoesNotBlockTheCircuitForever) {
  ManualClock clock;
  ErrorRecoveryManager manager(
      std::make_unique<CircuitBreaker>(RetryConfig{.max_attempts = 1},
                                       CircuitBreakerConfig{.failure_threshold = 1, .cool_down = 10s}),
      clock);
  (void)manager.execute_with_retry([]() -> Attempt<int> { return failure("down"); }, info);
  clock.advance(10s);
  EXPECT_THROW(manager.execute_with_retry([]() -> Attempt<int> { throw std::runtime_error("bug"); }, info),
               std::runtime_error);
  EXPECT_TRUE(manager.execute_with_retry([]() -> Attempt<int> { return 1; }, info).succeeded());
}

TEST(ErrorRecoveryManager, ManyThreadsShareOne) {
  ManualClock clock;
  ErrorRecoveryManager manager(std::make_unique<FixedDelay>(RetryConfig{.max_attempts = 2}), clock, 8);
  std::vector<std::thread> threads;
  for (int thread = 0; thread < 4; ++thread)
    threads.emplace_back([&manager] {
      for (int i = 0; i < 100; ++i)
        (void)manager.execute_with_retry([]() -> Attempt<int> { return failure("down"); }, info);
    });
  for (auto& thread : threads) thread.join();
  EXPECT_THAT(manager.active_recoveries(), IsEmpty());
  EXPECT_EQ(manager.reports().total_added(), 400U);
  EXPECT_EQ(manager.reports().size(), 8U);
}

TEST(ErrorRecoveryManager, RefusesToBeWithoutStrategyOrRoomForReports) {
  ManualClock clock;
  EXPECT_THROW(ErrorRecoveryManager(nullptr, clock), std::invalid_argument);
  EXPECT_THROW(ErrorRecoveryManager(std::make_unique<FixedDelay>(RetryConfig{}), clock, 0), std::invalid_argument);
}

}  // namespace
}  // namespace recovery
