#include "retry/clock.hpp"

#include <algorithm>
#include <thread>

namespace recovery {

TimePoint SteadyClock::now() const { return std::chrono::steady_clock::now(); }

void SteadyClock::sleep_for(Duration duration) { std::this_thread::sleep_for(duration); }

TimePoint ManualClock::now() const { return TimePoint(Duration(nanoseconds_.load())); }

void ManualClock::advance(Duration duration) { nanoseconds_ += std::max(duration, Duration::zero()).count(); }

}  // namespace recovery
