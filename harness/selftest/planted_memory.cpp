// Memory that is not on the heap: mapped, touched, given back too late or never.
#include <sys/mman.h>

#include <cstring>

#include "selftest/plant.hpp"

namespace soak::selftest {
namespace {

void* map(std::size_t bytes, int protection) {
  void* const memory = mmap(nullptr, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void* map_and_touch(std::size_t bytes) {
  void* const memory = map(bytes, PROT_READ | PROT_WRITE);
  if (memory != nullptr) std::memset(memory, 1, bytes);
  benchmark::DoNotOptimize(memory);
  return memory;
}

void resident_growth(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    void* const memory = map_and_touch(plant.bytes());
    if (!plant.leaves_this_one()) munmap(memory, plant.bytes());
  }
}

void address_space(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    void* const memory = map(plant.bytes(), PROT_NONE);
    if (!plant.leaves_this_one()) munmap(memory, plant.bytes());
  }
}

// High for a moment between two checkpoints, and gone.
void short_peak(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state))
    if (plant.is_the_one()) munmap(map_and_touch(plant.bytes()), plant.bytes());
}

void resident_peak(benchmark::State& state) { short_peak(state); }
void absolute_peak(benchmark::State& state) { short_peak(state); }

SOAK_PLANT(resident_growth);
SOAK_PLANT(address_space);
SOAK_PLANT(resident_peak);
SOAK_PLANT(absolute_peak);

}  // namespace
}  // namespace soak::selftest
