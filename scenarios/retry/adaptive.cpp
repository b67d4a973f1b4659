#include "retry/adaptive.hpp"

#include <algorithm>
#include <stdexcept>

namespace recovery {

Adaptive::Adaptive(const RetryConfig& config, std::size_t window_size)
    : RetryStrategy(config), window_size_(window_size), delay_(config.base_delay) {
  if (window_size == 0) throw std::invalid_argument("window_size must be at least 1");
  window_.reserve(window_size);
}

void Adaptive::record(std::uint64_t /*ticket*/, AttemptOutcome outcome, TimePoint /*at*/) {
  if (outcome == AttemptOutcome::abandoned) return;
  const std::lock_guard lock(mutex_);
  remember(outcome == AttemptOutcome::success);
  if (succeeds_often_enough())
    delay_ = std::max(delay_ / 2, config().base_delay);
  else
    delay_ = delay_ > config().max_delay / 2 ? config().max_delay : delay_ * 2;
}

void Adaptive::remember(bool success) {
  if (success) ++successes_;
  if (window_.size() < window_size_) {
    window_.push_back(success);
    return;
  }
  if (window_[oldest_]) --successes_;
  window_[oldest_] = success;
  oldest_ = (oldest_ + 1) % window_size_;
}

bool Adaptive::succeeds_often_enough() const {
  return successes_ * 100 >= window_.size() * std::size_t{required_success_percent};
}

double Adaptive::success_percent() const {
  const std::lock_guard lock(mutex_);
  if (window_.empty()) return 100;
  return 100.0 * static_cast<double>(successes_) / static_cast<double>(window_.size());
}

std::size_t Adaptive::outcomes_kept() const {
  const std::lock_guard lock(mutex_);
  return window_.size();
}

Duration Adaptive::current_delay() const {
  const std::lock_guard lock(mutex_);
  return delay_;
}

Duration Adaptive::choose_delay(const FailedAttempt& /*attempt*/) { return current_delay(); }

}  // namespace recovery
