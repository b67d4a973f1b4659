// Scenarios that throw, die, hang, and leave children; each alone is run by tests/e2e/broken_scenarios_test.py.
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <iostream>
#include <soak/soak.hpp>
#include <stdexcept>

namespace {

void fine(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(state.threads());
}
SOAK_BENCHMARK(fine)->Iterations(100);

void half_way(benchmark::State& state, void (*then)()) {
  std::int64_t iteration = 0;
  for (auto _ : soak::checkpoints(state))
    if (++iteration == 50) then();
}

/// No core file: a test that crashes on purpose is not to fill the disk.
void without_core_file() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

void throws(benchmark::State& state) {
  half_way(state, [] { throw std::runtime_error("the service is gone"); });
}
SOAK_BENCHMARK(throws)->Iterations(100);

void throws_a_number(benchmark::State& state) {
  half_way(state, [] { throw 42; });
}
SOAK_BENCHMARK(throws_a_number)->Iterations(100);

void reports_an_error(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    state.SkipWithError("no server to talk to");
    break;
  }
}
SOAK_BENCHMARK(reports_an_error)->Iterations(100);

void aborts(benchmark::State& state) {
  without_core_file();
  half_way(state, [] { std::abort(); });
}
SOAK_BENCHMARK(aborts)->Iterations(100);

void segfaults(benchmark::State& state) {
  without_core_file();
  half_way(state, [] { std::raise(SIGSEGV); });
}
SOAK_BENCHMARK(segfaults)->Iterations(100);

void is_killed(benchmark::State& state) {
  half_way(state, [] { std::raise(SIGKILL); });
}
SOAK_BENCHMARK(is_killed)->Iterations(100);

void exits_with_zero(benchmark::State& state) {
  half_way(state, [] { _exit(0); });
}
SOAK_BENCHMARK(exits_with_zero)->Iterations(100);

void exits_with_seven(benchmark::State& state) {
  half_way(state, [] { _exit(7); });
}
SOAK_BENCHMARK(exits_with_seven)->Iterations(100);

void hangs(benchmark::State& state) {
  half_way(state, [] {
    std::signal(SIGTERM, SIG_DFL);
    while (true) pause();
  });
}
SOAK_BENCHMARK(hangs)->Iterations(100);

/// Leaves one child in the process group and one that made a session of its own; both ignore SIGTERM.
void hangs_with_children(benchmark::State& state) {
  half_way(state, [] {
    for (const bool own_session : {false, true})
      if (fork() == 0) {
        if (own_session) setsid();
        std::signal(SIGTERM, SIG_IGN);
        while (true) pause();
      }
    while (true) pause();
  });
}
SOAK_BENCHMARK(hangs_with_children)->Iterations(100);

void prints_a_lot(benchmark::State& state) {
  const std::string line(1023, 'x');
  for (auto _ : soak::checkpoints(state)) std::cout << line << '\n';
  std::cout << "the last line\n" << std::flush;
}
SOAK_BENCHMARK(prints_a_lot)->Iterations(8192);

/// Never reaches the loop.
void skips_the_loop(benchmark::State&) {}
SOAK_BENCHMARK(skips_the_loop)->Iterations(100);

/// A plain Google Benchmark loop has no checkpoints: it cannot be judged.
void has_no_checkpoints(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(state.threads());
}
SOAK_BENCHMARK(has_no_checkpoints)->Iterations(100);

}  // namespace
