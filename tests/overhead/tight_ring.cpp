// Nothing but malloc and free.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdlib>

namespace {

/// 64 blocks of 16 to 271 bytes, one replaced at a time, in an order that no branch predictor learns.
void tight_ring(benchmark::State& state) {
  std::array<void*, 64> ring{};
  std::uint32_t random = 1;
  for (auto _ : state) {
    random = random * 1664525 + 1013904223;
    auto& block = ring[random >> 16 & 63];
    std::free(block);
    block = std::malloc(16 + (random >> 24));
    *static_cast<volatile char*>(block) = 1;
  }
  for (void* const block : ring) std::free(block);
}
BENCHMARK(tight_ring)->Iterations(10'000'000);
BENCHMARK(tight_ring)->Name("two_threads")->Threads(2)->Iterations(5'000'000);

}  // namespace
