// Waits the same time after every failure.
#pragma once

#include "retry/retry_strategy.hpp"

namespace recovery {

/// Waits base_delay.
class FixedDelay final : public RetryStrategy {
 public:
  using RetryStrategy::RetryStrategy;

  [[nodiscard]] std::string_view name() const noexcept override { return "fixed_delay"; }
  void record(std::uint64_t, AttemptOutcome, TimePoint) override {}

 protected:
  [[nodiscard]] Duration choose_delay(const FailedAttempt&) override { return config().base_delay; }
};

}  // namespace recovery
