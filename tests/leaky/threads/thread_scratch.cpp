// A thread_local pointer to a scratch buffer: a pointer has no destructor, so each thread leaves its buffer behind.
#include <array>
#include <thread>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Scratch = std::array<char, 2000>;

Scratch* new_scratch() {
  return new Scratch();  // leaks here
}

thread_local Scratch* const scratch = new_scratch();

template <Twin twin>
void draw_tile() {
  benchmark::DoNotOptimize((*scratch)[0] = 'x');
  if constexpr (twin == Twin::fixed) delete scratch;
}

template <Twin twin>
void thread_scratch(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) std::thread(&draw_tile<twin>).join();
}
LEAKY_TWINS(thread_scratch, 200);

}  // namespace
}  // namespace leaky
