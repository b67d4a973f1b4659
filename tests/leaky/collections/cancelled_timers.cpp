// A registry of timers in which cancelling marks the timer and leaves it until it is due, which is in a day.
#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using namespace std::chrono_literals;

template <Twin twin>
class Timers {
 public:
  using DueTime = std::chrono::seconds;

  struct Timer {
    std::string purpose;
    bool cancelled = false;
  };
  using Handle = typename std::multimap<DueTime, Timer>::iterator;

  Handle start(DueTime due, const std::string& purpose) {
    return timers_.emplace(due, Timer{purpose});  // leaks here
  }
  void cancel(Handle timer) {
    timer->second.cancelled = true;
    if constexpr (twin == Twin::fixed) timers_.erase(timer);
  }

 private:
  std::multimap<DueTime, Timer> timers_;
};

template <Twin twin>
void cancelled_timers(benchmark::State& state) {
  Timers<twin> timers;
  std::chrono::seconds now = 0s;
  const std::string purpose = "close the connection when it was idle for a day";
  for (auto _ : soak::checkpoints(state)) {
    const auto idle = timers.start(++now + 24h, purpose);
    timers.cancel(idle);  // The next request came.
  }
}
LEAKY_TWINS(cancelled_timers, 1000);

}  // namespace
}  // namespace leaky
