// Live heap: blocks that stay, and a buffer that grows in place.
#include <cstdlib>
#include <cstring>

#include "selftest/plant.hpp"

namespace soak::selftest {
namespace {

// The compiler may not take a block away that something is written to and that is known elsewhere.
void use(void* block) {
  std::memset(block, 1, 1);
  benchmark::DoNotOptimize(block);
}

void leave_blocks(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    void* const block = std::malloc(plant.bytes());
    use(block);
    if (!plant.leaves_this_one()) std::free(block);
  }
}

void heap_blocks(benchmark::State& state) { leave_blocks(state); }
void rare_block(benchmark::State& state) { leave_blocks(state); }

// As many blocks as ever: only their bytes grow.
void growing_buffer(benchmark::State& state) {
  Plant plant;
  std::size_t size = 1;
  void* buffer = std::malloc(size);
  for (auto _ : soak::checkpoints(state)) {
    if (plant.leaves_this_one()) size += plant.bytes();
    buffer = std::realloc(buffer, size);
    use(buffer);
  }
  std::free(buffer);
}

SOAK_PLANT(heap_blocks);
SOAK_PLANT(rare_block);
SOAK_PLANT(growing_buffer);

}  // namespace
}  // namespace soak::selftest
