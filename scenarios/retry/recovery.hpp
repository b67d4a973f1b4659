// One operation from its first attempt to its end: decided step by step, and never waiting.
#pragma once

#include <optional>
#include <string>
#include <utility>

#include "retry/active_recoveries.hpp"
#include "retry/error_context.hpp"
#include "retry/error_report_log.hpp"
#include "retry/retry_session.hpp"

namespace recovery {

/// One operation on its way: the decisions, the entry among the active recoveries and the error context, without the
/// waiting. One thread uses it at a time; ErrorRecoveryManager, which makes it, outlives it.
class Recovery {
 public:
  /// As RetrySession::begin_attempt().
  [[nodiscard]] std::optional<TimePoint> begin_attempt();
  /// The attempt under way succeeded.
  void succeeded();
  /// The attempt under way failed: when the next one is due. Empty means that it is given up: error() is complete and
  /// reported.
  [[nodiscard]] std::optional<TimePoint> failed(Failure failure);
  /// Ends it between attempts, for example because the strategy refuses. Reported only where something was attempted:
  /// refusals would push the reports that explain them out of the log.
  void give_up(std::string message);

  [[nodiscard]] int attempts() const noexcept { return session_.attempts(); }
  /// What is known so far.
  [[nodiscard]] const ErrorContext& error() const& noexcept { return error_; }
  [[nodiscard]] ErrorContext error() && noexcept { return std::move(error_); }

 private:
  friend class ErrorRecoveryManager;
  Recovery(RetryStrategy& strategy, Clock& clock, ErrorReportLog& log, ActiveRecoveries& active, OperationInfo info);

  Clock* clock_;
  ErrorReportLog* log_;
  RetrySession session_;
  ErrorContext error_;
  ActiveRecoveries::Entry entry_;
};

}  // namespace recovery
