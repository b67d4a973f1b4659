// What every strategy owes its callers, and the two simple ones in full.
#include "retry/retry_strategy.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "retry/adaptive.hpp"
#include "retry/circuit_breaker.hpp"
#include "retry/exponential_backoff.hpp"
#include "retry/fixed_delay.hpp"

namespace recovery {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;

constexpr RetryConfig config{.max_attempts = 3, .base_delay = 100ms, .max_delay = 1s, .max_server_delay = 60s};

FailedAttempt attempt(int number) {
  FailedAttempt failed;
  failed.number = number;
  return failed;
}

class EveryStrategy
    : public testing::TestWithParam<std::function<std::unique_ptr<RetryStrategy>(const RetryConfig&)>> {
 protected:
  static std::unique_ptr<RetryStrategy> make(const RetryConfig& with = config) { return GetParam()(with); }
};

TEST_P(EveryStrategy, GivesUpAfterTheLastAttempt) {
  EXPECT_TRUE(make()->delay_after(attempt(2)));
  EXPECT_FALSE(make()->delay_after(attempt(3)));
  EXPECT_FALSE(make()->delay_after(attempt(4)));
}

TEST_P(EveryStrategy, GivesUpWhereNoAttemptCanSucceed) {
  auto hopeless = attempt(1);
  hopeless.retryable = false;
  EXPECT_FALSE(make()->delay_after(hopeless));
}

TEST_P(EveryStrategy, HonoursWhatTheServerAsksForEvenBeyondItsOwnLongestDelay) {
  auto asked = attempt(1);
  asked.minimum_delay = 60s;
  EXPECT_EQ(make()->delay_after(asked), 60s);
}

TEST_P(EveryStrategy, GivesUpWhereTheServerAsksForTooMuch) {
  auto asked = attempt(1);
  asked.minimum_delay = 60s + 1ns;
  EXPECT_FALSE(make()->delay_after(asked));
}

TEST_P(EveryStrategy, TakesAServersShorterDelayAsAMinimumOnly) {
  auto asked = attempt(1);
  asked.minimum_delay = 1ns;
  EXPECT_EQ(make()->delay_after(asked), make()->delay_after(attempt(1)));
}

TEST_P(EveryStrategy, AdmitsTheFirstAttempt) { EXPECT_TRUE(make()->admit(TimePoint()).admitted()); }

TEST_P(EveryStrategy, RefusesAConfigurationThatContradictsItself) {
  const std::vector<std::pair<std::string, RetryConfig>> contradictions = {
      {"no attempt", {.max_attempts = 0}},
      {"negative base", {.base_delay = -1ns}},
      {"base above the longest", {.base_delay = 2s, .max_delay = 1s}},
      {"negative server delay", {.max_server_delay = -1ns}},
  };
  for (const auto& [name, contradiction] : contradictions)
    EXPECT_THROW(make(contradiction), std::invalid_argument) << name;
}

std::unique_ptr<RetryStrategy> make_breaker(const RetryConfig& with) {
  return std::make_unique<CircuitBreaker>(with, CircuitBreakerConfig{.cool_down = 500ms});
}

template <typename Strategy>
std::unique_ptr<RetryStrategy> make_strategy(const RetryConfig& with) {
  return std::make_unique<Strategy>(with);
}

std::string strategy_name(const testing::TestParamInfo<EveryStrategy::ParamType>& tested) {
  return std::string(tested.param(config)->name());
}

INSTANTIATE_TEST_SUITE_P(Strategies, EveryStrategy,
                         testing::Values(make_strategy<Adaptive>, make_strategy<ExponentialBackoff>, make_breaker,
                                         make_strategy<FixedDelay>),
                         strategy_name);

TEST(FixedDelay, WaitsTheSameTimeAfterEveryFailure) {
  FixedDelay strategy({.max_attempts = 10, .base_delay = 250ms});
  for (int number = 1; number < 10; ++number) EXPECT_EQ(strategy.delay_after(attempt(number)), 250ms) << number;
}

std::vector<Duration> delays(RetryStrategy& strategy, int failures) {
  std::vector<Duration> all;
  for (int number = 1; number <= failures; ++number) all.push_back(strategy.delay_after(attempt(number)).value());
  return all;
}

TEST(ExponentialBackoff, DoublesUpToTheLongestDelay) {
  ExponentialBackoff strategy({.max_attempts = 100, .base_delay = 100ms, .max_delay = 1s});
  EXPECT_THAT(delays(strategy, 6), ElementsAre(100ms, 200ms, 400ms, 800ms, 1s, 1s));
}

TEST(ExponentialBackoff, DoesNotOverflowHoweverManyAttemptsFail) {
  ExponentialBackoff strategy({.max_attempts = 1'000'000, .base_delay = 1ns, .max_delay = Duration::max()});
  EXPECT_EQ(strategy.delay_after(attempt(63)), Duration(std::int64_t{1} << 62));
  EXPECT_EQ(strategy.delay_after(attempt(64)), Duration::max());
  EXPECT_EQ(strategy.delay_after(attempt(999'999)), Duration::max());
}

TEST(ExponentialBackoff, StaysAtZeroWhereTheBaseIsZero) {
  ExponentialBackoff strategy({.max_attempts = 1'000'000, .base_delay = 0ns});
  EXPECT_EQ(strategy.delay_after(attempt(999'999)), 0ns);
}

TEST(ExponentialBackoff, JitterStaysInTheUpperHalfAndVaries) {
  ExponentialBackoff strategy({.max_attempts = 1000, .base_delay = 100ms, .max_delay = 100ms}, 7);
  const auto drawn = delays(strategy, 500);
  EXPECT_THAT(drawn, testing::Each(testing::AllOf(testing::Ge(50ms), testing::Le(100ms))));
  EXPECT_LT(*std::min_element(drawn.begin(), drawn.end()), 55ms);
  EXPECT_GT(*std::max_element(drawn.begin(), drawn.end()), 95ms);
}

TEST(ExponentialBackoff, TheSameSeedGivesTheSameDelays) {
  ExponentialBackoff one({.max_attempts = 100}, 7);
  ExponentialBackoff same({.max_attempts = 100}, 7);
  ExponentialBackoff other({.max_attempts = 100}, 8);
  const auto expected = delays(one, 20);
  EXPECT_EQ(delays(same, 20), expected);
  EXPECT_NE(delays(other, 20), expected);
}

}  // namespace
}  // namespace recovery
