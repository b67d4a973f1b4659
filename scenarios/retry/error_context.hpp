// What is known about an operation that failed: enough to understand it later, without the program at hand.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "retry/clock.hpp"

namespace recovery {

using Headers = std::vector<std::pair<std::string, std::string>>;

/// What is being attempted; known before the first attempt.
struct OperationInfo {
  std::string operation;  ///< Such as "download".
  std::string url;
  Headers headers;  ///< As sent. Leave credentials out: reports are kept and printed.
};

/// Why one attempt failed.
struct Failure {
  std::string message;
  Duration minimum_delay{0};  ///< Asked for by the server (Retry-After).
  bool retryable = true;
  std::vector<std::string> notes;  ///< What the layers below have to say, innermost first.
};

struct AttemptRecord {
  int number = 1;
  TimePoint failed_at;
  Duration delay{0};  ///< Until the next attempt; zero after the last.
  std::string message;
};

struct ErrorContext {
  static constexpr std::size_t kept_attempts = 16;

  OperationInfo info;
  std::vector<AttemptRecord> history;  ///< The newest kept_attempts, oldest first.
  int attempts = 0;                    ///< All of them.
  std::string message;                 ///< Why it was given up; empty while it was not.
  std::vector<std::string> notes;      ///< Of the newest failure.
  TimePoint started_at;
  TimePoint failed_at;

  /// Notes a failed attempt; forgets the oldest one beyond kept_attempts.
  void add_attempt(AttemptRecord attempt);
};

/// Several lines for people.
[[nodiscard]] std::string format_error(const ErrorContext& error);

}  // namespace recovery
