// The leaks that soak selftest plants, and their leak-free twins: an executable of its own.
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <soak/soak.hpp>
#include <vector>

/// Registers `function` twice: as Planted/NAME, which is to be caught, and as its leak-free twin, Free/NAME.
#define SOAK_PLANT(function)                                              \
  SOAK_BENCHMARK(function)->Name("Planted/" #function)->Iterations(1000); \
  SOAK_BENCHMARK(function)->Name("Free/" #function)->Iterations(1000)

namespace soak::selftest {
namespace {

constexpr const char* every_variable = "SOAK_PLANT_EVERY";
constexpr const char* bytes_variable = "SOAK_PLANT_BYTES";

/// Counts iterations, and decides at which of them something stays behind. The environment says how much is planted,
/// because only whoever starts the scenarios knows where the edge of the thresholds is.
class Plant {
 public:
  /// True at each iteration whose number, counted from 1, is a multiple of SOAK_PLANT_EVERY; never if that is 0.
  [[nodiscard]] bool leaves_this_one() { return every_ > 0 && ++iteration_ % every_ == 0; }
  /// True once, at iteration number SOAK_PLANT_EVERY.
  [[nodiscard]] bool is_the_one() { return ++iteration_ == every_; }
  /// SOAK_PLANT_BYTES, at least 1.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  static std::int64_t number_in(const char* variable) {
    const char* const text = std::getenv(variable);
    return text == nullptr ? 0 : std::atoll(text);
  }

  std::int64_t every_ = number_in(every_variable);
  std::int64_t iteration_ = 0;
  std::size_t bytes_ = number_in(bytes_variable) > 0 ? static_cast<std::size_t>(number_in(bytes_variable)) : 1;
};

// ---- live heap: blocks that stay, and a buffer that grows in place ----

// Keeps the compiler from removing the block: something is written to it, and it is known elsewhere.
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

// The number of blocks stays: only their bytes grow.
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

// ---- memory that is not on the heap: mapped, touched, given back too late or never ----

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

// Holds memory for a moment between two checkpoints.
void short_peak(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state))
    if (plant.is_the_one()) munmap(map_and_touch(plant.bytes()), plant.bytes());
}

void resident_peak(benchmark::State& state) { short_peak(state); }
void absolute_peak(benchmark::State& state) { short_peak(state); }

// ---- what leaks hardly any memory, and what dies ----

void open_files(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    const int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
    if (!plant.leaves_this_one()) close(file);
  }
}

void unjoined_threads(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    pthread_t thread{};
    const auto do_nothing = [](void*) -> void* { return nullptr; };
    if (pthread_create(&thread, nullptr, do_nothing, nullptr) == 0 && !plant.leaves_this_one())
      pthread_join(thread, nullptr);
  }
}

void unwaited_children(benchmark::State& state) {
  Plant plant;
  for (auto _ : soak::checkpoints(state)) {
    const pid_t child = fork();
    if (child == 0) _exit(0);
    if (!plant.leaves_this_one()) waitpid(child, nullptr, 0);
  }
}

class Object : soak::Counted<Object> {};

/// Creates objects in memory set aside before, so that only their number grows.
void live_objects(benchmark::State& state) {
  Plant plant;
  std::vector<std::byte> room(static_cast<std::size_t>(state.max_iterations) * sizeof(Object));
  auto* next = room.data();
  for (auto _ : soak::checkpoints(state)) {
    auto* const object = new (next) Object;
    if (plant.leaves_this_one())
      next += sizeof(Object);
    else
      object->~Object();
  }
}

void crash(benchmark::State& state) {
  Plant plant;
  constexpr rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (auto _ : soak::checkpoints(state))
    if (plant.leaves_this_one()) std::raise(SIGSEGV);
}

SOAK_PLANT(heap_blocks);
SOAK_PLANT(rare_block);
SOAK_PLANT(growing_buffer);
SOAK_PLANT(resident_growth);
SOAK_PLANT(address_space);
SOAK_PLANT(resident_peak);
SOAK_PLANT(absolute_peak);
SOAK_PLANT(open_files);
SOAK_PLANT(unjoined_threads);
SOAK_PLANT(unwaited_children);
SOAK_PLANT(live_objects);
SOAK_PLANT(crash);

}  // namespace

}  // namespace soak::selftest
