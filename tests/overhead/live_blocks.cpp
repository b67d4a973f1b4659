// A million live blocks: what the process holds then, with the probe and without, differs by what the probe holds.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <fstream>
#include <limits>
#include <memory>
#include <string>

namespace {

double resident_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string field; status >> field; status.ignore(std::numeric_limits<std::streamsize>::max(), '\n'))
    if (field == "VmRSS:") {
      double kilobytes = 0;
      status >> kilobytes;
      return kilobytes;
    }
  return 0;
}

void live_blocks(benchmark::State& state) {
  constexpr std::size_t count = 1'000'000;
  const auto blocks = std::make_unique<void*[]>(count);
  for (auto _ : state)
    for (std::size_t i = 0; i < count; ++i) {
      blocks[i] = std::malloc(64);
      *static_cast<volatile char*>(blocks[i]) = 1;
    }
  state.counters["resident_bytes"] = resident_kilobytes() * 1024;
  for (std::size_t i = 0; i < count; ++i) std::free(blocks[i]);
}
BENCHMARK(live_blocks)->Iterations(1);

}  // namespace
