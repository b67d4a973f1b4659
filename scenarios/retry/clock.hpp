// The time that retries wait by, so that a test or a scenario can replace it: nothing has to sleep for real.
#pragma once

#include <atomic>
#include <chrono>

namespace recovery {

using Duration = std::chrono::nanoseconds;
using TimePoint = std::chrono::time_point<std::chrono::steady_clock, Duration>;

/// Any thread may call these.
class Clock {
 public:
  virtual ~Clock() = default;
  [[nodiscard]] virtual TimePoint now() const = 0;
  /// Returns at once where `duration` is zero or negative.
  virtual void sleep_for(Duration duration) = 0;
};

/// Real, monotonic time.
class SteadyClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  void sleep_for(Duration duration) override;
};

/// Moves only when told to; sleeping moves it on and returns at once. Starts at the epoch of TimePoint.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] TimePoint now() const override;
  void sleep_for(Duration duration) override { advance(duration); }
  /// Time never runs backwards: a negative duration is taken as zero.
  void advance(Duration duration);

 private:
  std::atomic<Duration::rep> nanoseconds_{0};
};

}  // namespace recovery
