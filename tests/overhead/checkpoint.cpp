// What a checkpoint costs while the process holds much: a reading of the process, kept in the region.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <cstdlib>
#include <vector>

#include "probe/probe.hpp"

namespace {

/// A gigabyte in blocks of 64 KiB, every page of which was written to.
class MuchMemory {
 public:
  MuchMemory() {
    for (auto& block : blocks_) {
      block = static_cast<char*>(std::malloc(block_bytes));
      for (std::size_t at = 0; at < block_bytes; at += 4096) static_cast<volatile char*>(block)[at] = 1;
    }
  }
  MuchMemory(const MuchMemory&) = delete;
  MuchMemory& operator=(const MuchMemory&) = delete;
  ~MuchMemory() {
    for (char* const block : blocks_) std::free(block);
  }

 private:
  static constexpr std::size_t block_bytes = 64 * 1024;
  std::vector<char*> blocks_ = std::vector<char*>(16 * 1024);
};

void checkpoint_at_1_gb(benchmark::State& state) {
  const MuchMemory much;
  soak_probe_begin_pass(state.max_iterations);
  for (auto _ : state) {
    soak::layout::Reading reading;
    reading.kind = soak::layout::ReadingKind::interval;
    soak_probe_read(&reading, false);
    benchmark::DoNotOptimize(soak_probe_keep(&reading));
  }
}
BENCHMARK(checkpoint_at_1_gb)->Iterations(1000);

}  // namespace
