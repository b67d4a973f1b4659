// What leaks without memory worth mentioning, and what dies.
#include <fcntl.h>
#include <pthread.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <new>
#include <vector>

#include "selftest/plant.hpp"

namespace soak::selftest {
namespace {

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

/// In memory set aside before: nothing grows but their number.
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

SOAK_PLANT(open_files);
SOAK_PLANT(unjoined_threads);
SOAK_PLANT(unwaited_children);
SOAK_PLANT(live_objects);
SOAK_PLANT(crash);

}  // namespace
}  // namespace soak::selftest
