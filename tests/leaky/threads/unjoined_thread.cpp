// A thread that ends but is never joined: the kernel forgets it, its stack stays mapped.
#include <pthread.h>

#include <atomic>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

std::atomic<int> thumbnails_drawn{0};

void* draw_thumbnail(void*) {
  ++thumbnails_drawn;
  thumbnails_drawn.notify_one();
  return nullptr;
}

template <Twin twin>
void draw_in_background() {
  const int before = thumbnails_drawn;
  pthread_t thread;
  if (pthread_create(&thread, nullptr, draw_thumbnail, nullptr) != 0)  // leaks here
    throw std::runtime_error("cannot start a thread");
  thumbnails_drawn.wait(before);
  if constexpr (twin == Twin::fixed) pthread_join(thread, nullptr);
}

template <Twin twin>
void unjoined_thread(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) draw_in_background<twin>();
}
LEAKY_TWINS(unjoined_thread, 200);

}  // namespace
}  // namespace leaky
