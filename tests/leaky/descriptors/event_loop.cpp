// An event loop that closes its events and forgets its own epoll descriptor.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class EventLoop {
 public:
  EventLoop() : events_(eventfd(0, EFD_CLOEXEC)), poll_(epoll_create1(EPOLL_CLOEXEC)) {  // leaks here
    epoll_event wanted{.events = EPOLLIN, .data = {.fd = events_}};
    if (epoll_ctl(poll_, EPOLL_CTL_ADD, events_, &wanted) != 0) throw std::runtime_error("no event loop");
  }
  ~EventLoop() {
    close(events_);
    if constexpr (twin == Twin::fixed) close(poll_);
  }
  EventLoop(const EventLoop&) = delete;
  EventLoop& operator=(const EventLoop&) = delete;

  void post() { eventfd_write(events_, 1); }
  [[nodiscard]] bool has_event() {
    epoll_event event{};
    return epoll_wait(poll_, &event, 1, 0) == 1;
  }

 private:
  int events_;
  int poll_;
};

template <Twin twin>
void event_loop(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    EventLoop<twin> loop;
    loop.post();
    benchmark::DoNotOptimize(loop.has_event());
  }
}
LEAKY_TWINS(event_loop, 100);

}  // namespace
}  // namespace leaky
