#include "retry/retry_session.hpp"

#include <stdexcept>
#include <utility>

namespace recovery {

RetrySession::~RetrySession() { abandon(); }

RetrySession::RetrySession(RetrySession&& other) noexcept
    : strategy_(other.strategy_),
      ticket_(std::exchange(other.ticket_, std::nullopt)),
      begun_at_(other.begun_at_),
      attempts_(other.attempts_) {}

RetrySession& RetrySession::operator=(RetrySession&& other) noexcept {
  if (this == &other) return *this;
  abandon();
  strategy_ = other.strategy_;
  ticket_ = std::exchange(other.ticket_, std::nullopt);
  begun_at_ = other.begun_at_;
  attempts_ = other.attempts_;
  return *this;
}

std::optional<TimePoint> RetrySession::begin_attempt(TimePoint now) {
  if (ticket_) throw std::logic_error("an attempt is under way already");
  const auto admission = strategy_->admit(now);
  if (!admission.admitted()) return admission.ask_again_at;
  ticket_ = admission.ticket;
  begun_at_ = now;
  ++attempts_;
  return std::nullopt;
}

void RetrySession::succeeded(TimePoint now) { end_attempt(AttemptOutcome::success, now); }

std::optional<TimePoint> RetrySession::failed(TimePoint now, Duration minimum_delay, Retryable retryable) {
  end_attempt(AttemptOutcome::failure, now);
  const auto delay = strategy_->delay_after({.number = attempts_,
                                             .failed_at = now,
                                             .minimum_delay = minimum_delay,
                                             .retryable = retryable == Retryable::yes});
  if (!delay) return std::nullopt;
  return now + *delay;
}

void RetrySession::end_attempt(AttemptOutcome outcome, TimePoint now) {
  if (!ticket_) throw std::logic_error("no attempt is under way");
  strategy_->record(*std::exchange(ticket_, std::nullopt), outcome, now);
}

void RetrySession::abandon() noexcept {
  if (ticket_) end_attempt(AttemptOutcome::abandoned, begun_at_);
}

}  // namespace recovery
