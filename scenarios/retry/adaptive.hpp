// Waits longer while little succeeds, and less again once things go well.
#pragma once

#include <cstddef>
#include <mutex>
#include <vector>

#include "retry/retry_strategy.hpp"

namespace recovery {

/// Judges by the newest outcomes of all operations together, abandoned ones aside. After each recorded outcome that
/// leaves less than 70 % of the window successful the wait doubles, up to max_delay; otherwise it halves, down to
/// base_delay. A window that is not full yet is judged by what it has.
class Adaptive final : public RetryStrategy {
 public:
  static constexpr int required_success_percent = 70;

  /// Throws std::invalid_argument where window_size is 0.
  explicit Adaptive(const RetryConfig& config, std::size_t window_size = 50);

  [[nodiscard]] std::string_view name() const noexcept override { return "adaptive"; }
  void record(std::uint64_t ticket, AttemptOutcome outcome, TimePoint at) override;

  /// Of the window, 0 to 100; 100 before anything was recorded.
  [[nodiscard]] double success_percent() const;
  /// Outcomes in the window: at most window_size.
  [[nodiscard]] std::size_t outcomes_kept() const;
  [[nodiscard]] Duration current_delay() const;

 protected:
  [[nodiscard]] Duration choose_delay(const FailedAttempt& attempt) override;

 private:
  void remember(bool success);
  [[nodiscard]] bool succeeds_often_enough() const;

  const std::size_t window_size_;
  mutable std::mutex mutex_;
  std::vector<bool> window_;   ///< A ring once it is full.
  std::size_t oldest_ = 0;     ///< The next to be replaced in a full window.
  std::size_t successes_ = 0;  ///< In the window.
  Duration delay_;
};

}  // namespace recovery
