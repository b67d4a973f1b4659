// Stops asking a service that keeps failing, and tries again with one request once it has had time to recover.
//
//   closed    -- failure_threshold failures in a row --> open
//   open      -- cool_down has passed, one asks      --> half open
//   half open -- the trial succeeds                  --> closed
//   half open -- the trial fails                     --> open
#pragma once

#include <mutex>

#include "retry/retry_strategy.hpp"

namespace recovery {

struct CircuitBreakerConfig {
  int failure_threshold = 5;  ///< At least 1.
  Duration cool_down = std::chrono::seconds(10);
};

/// Waits base_delay while closed; until the trial is due while open.
class CircuitBreaker final : public RetryStrategy {
 public:
  enum class State { closed, open, half_open };
  /// Who is refused because of a trial is told to wait base_delay, and never less than this.
  static constexpr Duration shortest_wait = std::chrono::milliseconds(1);

  /// Throws std::invalid_argument unless failure_threshold >= 1 and 0 <= cool_down <= max_delay.
  explicit CircuitBreaker(const RetryConfig& config, const CircuitBreakerConfig& breaker = {});

  [[nodiscard]] std::string_view name() const noexcept override { return "circuit_breaker"; }

  /// Refuses while open and, while half open, all but one. A refused caller learns when to ask again.
  [[nodiscard]] Admission admit(TimePoint now) override;
  /// Outcomes of attempts that were admitted before the state last changed say nothing about it, and are ignored. An
  /// abandoned trial leaves its place to the next.
  void record(std::uint64_t ticket, AttemptOutcome outcome, TimePoint at) override;

  [[nodiscard]] State state() const;

 protected:
  [[nodiscard]] Duration choose_delay(const FailedAttempt& attempt) override;

 private:
  void enter(State state);
  void open(TimePoint now);
  void record_while_closed(AttemptOutcome outcome, TimePoint at);
  void record_trial(AttemptOutcome outcome, TimePoint at);

  const CircuitBreakerConfig breaker_;
  mutable std::mutex mutex_;
  State state_ = State::closed;
  std::uint64_t generation_ = 0;  ///< Counts state changes; it is the ticket.
  int failures_in_a_row_ = 0;
  bool trial_under_way_ = false;
  TimePoint opened_at_;
};

}  // namespace recovery
