#include "retry/retry_strategy.hpp"

#include <algorithm>
#include <stdexcept>

namespace recovery {

RetryStrategy::RetryStrategy(const RetryConfig& config) : config_(config) {
  if (config.max_attempts < 1) throw std::invalid_argument("max_attempts must be at least 1");
  if (config.base_delay < Duration::zero()) throw std::invalid_argument("base_delay must not be negative");
  if (config.max_delay < config.base_delay) throw std::invalid_argument("max_delay must not be below base_delay");
  if (config.max_server_delay < Duration::zero())
    throw std::invalid_argument("max_server_delay must not be negative");
}

std::optional<Duration> RetryStrategy::delay_after(const FailedAttempt& attempt) {
  if (!attempt.retryable || attempt.number >= config_.max_attempts) return std::nullopt;
  if (attempt.minimum_delay > config_.max_server_delay) return std::nullopt;
  const auto own = std::clamp(choose_delay(attempt), Duration::zero(), config_.max_delay);
  return std::max(own, attempt.minimum_delay);
}

}  // namespace recovery
