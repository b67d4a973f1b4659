// The attempts of one operation: the decisions without the waiting, for event loops as well as for loops that sleep.
//
//   RetrySession session(strategy);
//   if (auto later = session.begin_attempt(clock.now())) { ... ask again at *later, or fail fast ... }
//   ... attempt ...
//   auto next = session.failed(clock.now());   // or session.succeeded(clock.now())
//   if (!next) give_up(); else start_timer(*next);
#pragma once

#include <optional>

#include "retry/retry_strategy.hpp"

namespace recovery {

enum class Retryable { no, yes };

/// One thread uses a session at a time. An attempt that has begun and not ended when the session is destroyed counts
/// as abandoned, so that a strategy never waits for it.
class RetrySession {
 public:
  /// `strategy` outlives the session.
  explicit RetrySession(RetryStrategy& strategy) noexcept : strategy_(&strategy) {}
  ~RetrySession();
  RetrySession(RetrySession&& other) noexcept;
  RetrySession& operator=(RetrySession&& other) noexcept;

  /// Empty: the attempt has begun. Otherwise the strategy refuses for now, nothing has begun, and it may be asked
  /// again at the time returned. Throws std::logic_error where an attempt is under way.
  [[nodiscard]] std::optional<TimePoint> begin_attempt(TimePoint now);

  /// The attempt under way succeeded. Throws std::logic_error where there is none.
  void succeeded(TimePoint now);

  /// The attempt under way failed: when the next one is due; empty means give up. Throws std::logic_error where there
  /// is none.
  [[nodiscard]] std::optional<TimePoint> failed(TimePoint now, Duration minimum_delay = Duration::zero(),
                                                Retryable retryable = Retryable::yes);

  /// Attempts begun so far.
  [[nodiscard]] int attempts() const noexcept { return attempts_; }
  [[nodiscard]] bool attempt_under_way() const noexcept { return ticket_.has_value(); }

 private:
  void end_attempt(AttemptOutcome outcome, TimePoint now);
  void abandon() noexcept;

  RetryStrategy* strategy_;
  std::optional<std::uint64_t> ticket_;  ///< Of the attempt under way.
  TimePoint begun_at_;
  int attempts_ = 0;
};

}  // namespace recovery
