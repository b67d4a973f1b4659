#include "retry/exponential_backoff.hpp"

#include <algorithm>

namespace recovery {
namespace {

/// base * 2^doublings, at most `cap`; never overflows.
Duration doubled(Duration base, int doublings, Duration cap) {
  for (; doublings > 0 && base > Duration::zero(); --doublings) {
    if (base > cap / 2) return cap;
    base *= 2;
  }
  return std::min(base, cap);
}

}  // namespace

ExponentialBackoff::ExponentialBackoff(const RetryConfig& config, std::optional<std::uint64_t> jitter_seed)
    : RetryStrategy(config) {
  if (jitter_seed) random_.emplace(*jitter_seed);
}

Duration ExponentialBackoff::choose_delay(const FailedAttempt& attempt) {
  const auto longest = doubled(config().base_delay, attempt.number - 1, config().max_delay);
  if (!random_) return longest;
  std::uniform_int_distribution<Duration::rep> upper_half(longest.count() / 2, longest.count());
  const std::lock_guard lock(mutex_);
  return Duration(upper_half(*random_));
}

}  // namespace recovery
