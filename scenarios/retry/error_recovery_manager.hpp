// Runs operations again until they succeed or the strategy gives up, and remembers why they failed.
//
//   ErrorRecoveryManager manager(std::make_unique<Adaptive>(config), clock);
//   auto result = manager.execute_with_retry([&]() -> Attempt<Page> { return fetch(url); }, {"fetch", url, {}});
//   if (!result.succeeded()) std::cerr << format_error(result.error());
//
// Event loops, which must not block, call start() and keep the Recovery instead.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <variant>

#include "retry/recovery.hpp"

namespace recovery {

/// What an operation returns: its value, or why it failed. For operations without a value T is std::monostate.
template <typename T>
using Attempt = std::variant<T, Failure>;

template <typename T>
class RecoveryResult {
 public:
  RecoveryResult(std::variant<T, ErrorContext> outcome, int attempts)
      : outcome_(std::move(outcome)), attempts_(attempts) {}

  [[nodiscard]] bool succeeded() const noexcept { return outcome_.index() == 0; }
  /// Throws std::bad_variant_access unless succeeded().
  [[nodiscard]] const T& value() const& { return std::get<0>(outcome_); }
  [[nodiscard]] T&& value() && { return std::get<0>(std::move(outcome_)); }
  /// Throws std::bad_variant_access where it succeeded.
  [[nodiscard]] const ErrorContext& error() const { return std::get<1>(outcome_); }
  /// Zero where the strategy refused the very first.
  [[nodiscard]] int attempts() const noexcept { return attempts_; }

 private:
  std::variant<T, ErrorContext> outcome_;
  int attempts_;
};

/// Any thread may call any member.
class ErrorRecoveryManager {
 public:
  /// `clock` outlives the manager. Throws std::invalid_argument where there is no strategy or no room for reports.
  ErrorRecoveryManager(std::unique_ptr<RetryStrategy> strategy, Clock& clock, std::size_t kept_reports = 64);

  /// Calls `operation`, an `Attempt<T>()`, until it succeeds or is given up, and sleeps in between. Fails at once
  /// where the strategy refuses an attempt (open circuit). What `operation` throws is not retried: it passes through.
  template <typename Operation>
  auto execute_with_retry(Operation&& operation, OperationInfo info)
      -> RecoveryResult<std::variant_alternative_t<0, std::invoke_result_t<Operation&>>>;

  /// The same without blocking.
  [[nodiscard]] Recovery start(OperationInfo info);

  /// Copies of what is on its way at this moment.
  [[nodiscard]] std::map<RecoveryId, ActiveRecovery> active_recoveries() const { return active_.snapshot(); }
  [[nodiscard]] const ErrorReportLog& reports() const noexcept { return log_; }
  [[nodiscard]] RetryStrategy& strategy() noexcept { return *strategy_; }
  [[nodiscard]] Clock& clock() noexcept { return clock_; }

 private:
  /// One attempt; empty where it succeeded.
  using AttemptFunction = std::function<std::optional<Failure>()>;
  /// True once `attempt` succeeded, false once it is given up.
  bool run(Recovery& recovery, const AttemptFunction& attempt);

  std::unique_ptr<RetryStrategy> strategy_;
  Clock& clock_;
  ErrorReportLog log_;
  ActiveRecoveries active_;
};

template <typename Operation>
auto ErrorRecoveryManager::execute_with_retry(Operation&& operation, OperationInfo info)
    -> RecoveryResult<std::variant_alternative_t<0, std::invoke_result_t<Operation&>>> {
  using Value = std::variant_alternative_t<0, std::invoke_result_t<Operation&>>;
  std::optional<Value> value;
  auto recovery = start(std::move(info));
  const bool succeeded = run(recovery, [&operation, &value]() -> std::optional<Failure> {
    auto attempt = operation();
    if (auto* failure = std::get_if<1>(&attempt)) return std::move(*failure);
    value.emplace(std::get<0>(std::move(attempt)));
    return std::nullopt;
  });
  const int attempts = recovery.attempts();
  using Outcome = std::variant<Value, ErrorContext>;
  if (succeeded) return {Outcome(std::in_place_index<0>, std::move(*value)), attempts};
  return {Outcome(std::in_place_index<1>, std::move(recovery).error()), attempts};
}

}  // namespace recovery
