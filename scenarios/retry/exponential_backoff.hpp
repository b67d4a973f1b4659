// Doubles the wait with every failure of an operation, so that a service in trouble is left alone.
#pragma once

#include <mutex>
#include <optional>
#include <random>

#include "retry/retry_strategy.hpp"

namespace recovery {

/// Waits base_delay, twice that, four times that, at most max_delay.
class ExponentialBackoff final : public RetryStrategy {
 public:
  /// With a seed each wait is drawn evenly from the upper half of what it would be without, so that clients that
  /// failed together do not come back together. The same seed gives the same waits.
  explicit ExponentialBackoff(const RetryConfig& config, std::optional<std::uint64_t> jitter_seed = std::nullopt);

  [[nodiscard]] std::string_view name() const noexcept override { return "exponential_backoff"; }
  void record(std::uint64_t, AttemptOutcome, TimePoint) override {}

 protected:
  [[nodiscard]] Duration choose_delay(const FailedAttempt& attempt) override;

 private:
  std::mutex mutex_;
  std::optional<std::mt19937_64> random_;
};

}  // namespace recovery
