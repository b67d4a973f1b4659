#include "retry/circuit_breaker.hpp"

#include <algorithm>
#include <stdexcept>

namespace recovery {

CircuitBreaker::CircuitBreaker(const RetryConfig& config, const CircuitBreakerConfig& breaker)
    : RetryStrategy(config), breaker_(breaker) {
  if (breaker.failure_threshold < 1) throw std::invalid_argument("failure_threshold must be at least 1");
  if (breaker.cool_down < Duration::zero()) throw std::invalid_argument("cool_down must not be negative");
  if (breaker.cool_down > config.max_delay) throw std::invalid_argument("cool_down must not be above max_delay");
}

Admission CircuitBreaker::admit(TimePoint now) {
  const std::lock_guard lock(mutex_);
  if (state_ == State::open) {
    const auto trial_due = opened_at_ + breaker_.cool_down;
    if (now < trial_due) return {trial_due};
    enter(State::half_open);
  }
  if (state_ == State::half_open) {
    if (trial_under_way_) return {now + std::max(config().base_delay, shortest_wait)};
    trial_under_way_ = true;
  }
  return {std::nullopt, generation_};
}

void CircuitBreaker::record(std::uint64_t ticket, AttemptOutcome outcome, TimePoint at) {
  const std::lock_guard lock(mutex_);
  if (ticket != generation_) return;
  if (state_ == State::half_open)
    record_trial(outcome, at);
  else
    record_while_closed(outcome, at);
}

void CircuitBreaker::record_while_closed(AttemptOutcome outcome, TimePoint at) {
  if (outcome == AttemptOutcome::abandoned) return;
  failures_in_a_row_ = outcome == AttemptOutcome::success ? 0 : failures_in_a_row_ + 1;
  if (failures_in_a_row_ >= breaker_.failure_threshold) open(at);
}

void CircuitBreaker::record_trial(AttemptOutcome outcome, TimePoint at) {
  if (outcome == AttemptOutcome::success) enter(State::closed);
  if (outcome == AttemptOutcome::failure) open(at);
  trial_under_way_ = false;
}

void CircuitBreaker::open(TimePoint now) {
  enter(State::open);
  opened_at_ = now;
}

void CircuitBreaker::enter(State state) {
  state_ = state;
  ++generation_;
  failures_in_a_row_ = 0;
}

CircuitBreaker::State CircuitBreaker::state() const {
  const std::lock_guard lock(mutex_);
  return state_;
}

Duration CircuitBreaker::choose_delay(const FailedAttempt& attempt) {
  const std::lock_guard lock(mutex_);
  if (state_ != State::open) return config().base_delay;
  return std::max(config().base_delay, opened_at_ + breaker_.cool_down - attempt.failed_at);
}

}  // namespace recovery
