#include "retry/recovery.hpp"

#include <utility>

namespace recovery {

Recovery::Recovery(RetryStrategy& strategy, Clock& clock, ErrorReportLog& log, ActiveRecoveries& active,
                   OperationInfo info)
    : clock_(&clock), log_(&log), session_(strategy), entry_(active.add({info.operation, info.url, clock.now(), 0})) {
  error_.info = std::move(info);
  error_.started_at = clock.now();
}

std::optional<TimePoint> Recovery::begin_attempt() {
  const auto ask_again_at = session_.begin_attempt(clock_->now());
  if (!ask_again_at) entry_.set_attempts(session_.attempts());
  return ask_again_at;
}

void Recovery::succeeded() { session_.succeeded(clock_->now()); }

std::optional<TimePoint> Recovery::failed(Failure failure) {
  const auto now = clock_->now();
  const auto next = session_.failed(now, failure.minimum_delay, failure.retryable ? Retryable::yes : Retryable::no);
  error_.attempts = session_.attempts();
  error_.failed_at = now;
  error_.notes = std::move(failure.notes);
  error_.add_attempt({session_.attempts(), now, next ? *next - now : Duration::zero(), failure.message});
  if (!next) give_up(std::move(failure.message));
  return next;
}

void Recovery::give_up(std::string message) {
  error_.message = std::move(message);
  error_.failed_at = clock_->now();
  if (session_.attempts() > 0) log_->add(error_);
}

}  // namespace recovery
