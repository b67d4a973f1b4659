// When to try again after a failure, and when to stop trying.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "retry/clock.hpp"

namespace recovery {

/// What the strategies have in common. Their constructors throw std::invalid_argument unless max_attempts >= 1 and
/// 0 <= base_delay <= max_delay and max_server_delay >= 0.
struct RetryConfig {
  int max_attempts = 5;  ///< The first attempt counts.
  Duration base_delay = std::chrono::milliseconds(100);
  Duration max_delay = std::chrono::seconds(30);      ///< Of the strategy's own choice; a server may ask for more.
  Duration max_server_delay = std::chrono::hours(1);  ///< A server that asks for more is given up.
};

/// Abandoned: nobody waited for the end, for example because the attempt threw or was cancelled.
enum class AttemptOutcome { success, failure, abandoned };

struct FailedAttempt {
  int number = 1;  ///< 1 for the first attempt of an operation.
  TimePoint failed_at{};
  Duration minimum_delay{0};  ///< Asked for by the server (Retry-After); honoured even beyond max_delay.
  bool retryable = true;      ///< False: no later attempt can succeed, such as after 404.
};

/// The answer to "may I try now?". A ticket names the attempt when its outcome is recorded.
struct Admission {
  std::optional<TimePoint> ask_again_at{};  ///< Empty: go ahead.
  std::uint64_t ticket = 0;

  [[nodiscard]] bool admitted() const noexcept { return !ask_again_at; }
};

/// Shared by all operations it rules over: any thread may call any member. Use it through RetrySession, which keeps
/// the order: admit, record, then delay_after where it failed.
class RetryStrategy {
 public:
  explicit RetryStrategy(const RetryConfig& config);
  virtual ~RetryStrategy() = default;
  RetryStrategy(const RetryStrategy&) = delete;
  RetryStrategy& operator=(const RetryStrategy&) = delete;

  [[nodiscard]] virtual std::string_view name() const noexcept = 0;

  /// Asked before each attempt. Every admitted ticket is given back through record(), once.
  [[nodiscard]] virtual Admission admit(TimePoint /*now*/) { return {}; }
  virtual void record(std::uint64_t ticket, AttemptOutcome outcome, TimePoint at) = 0;

  /// How long to wait before the next attempt; empty means give up.
  [[nodiscard]] std::optional<Duration> delay_after(const FailedAttempt& attempt);

  [[nodiscard]] const RetryConfig& config() const noexcept { return config_; }

 protected:
  /// The strategy's own wish; attempts left, max_delay and what the server asked for are seen to by delay_after().
  [[nodiscard]] virtual Duration choose_delay(const FailedAttempt& attempt) = 0;

 private:
  RetryConfig config_;
};

}  // namespace recovery
