// Scenarios that leak and do not live to the end of every run; run by tests/e2e/explain_test.py and fixed_test.py.
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>
#include <soak/soak.hpp>
#include <string_view>

namespace {

/// Only with call sites on.
void dies_when_explained(benchmark::State& state) {
  const char* const mode = std::getenv("SOAK_PROBE");
  const bool is_explained = mode != nullptr && std::string_view(mode) == "sites";
  std::int64_t iteration = 0;
  for (auto _ : soak::checkpoints(state)) {
    benchmark::DoNotOptimize(new char[100]);
    if (is_explained && ++iteration == static_cast<std::int64_t>(state.max_iterations) / 2) std::raise(SIGKILL);
  }
}
SOAK_BENCHMARK(dies_when_explained)->Iterations(1000);

/// Where its memory limit is below 700 MB; it waits there for whoever enforces that.
void dies_of_its_leak(benchmark::State& state) {
  constexpr std::size_t megabyte = 1 << 20;
  int megabytes = 0;
  for (auto _ : soak::checkpoints(state)) {
    auto* const picture = new char[megabyte];
    benchmark::DoNotOptimize(std::memset(picture, 1, megabyte));
    if (++megabytes == 700) pause();
  }
}
SOAK_BENCHMARK(dies_of_its_leak)->Iterations(2000);

/// Its work makes sense at one length only.
void dies_at_any_other_length(benchmark::State& state) {
  if (state.max_iterations != 1000) std::abort();
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(new char[100]);
}
SOAK_BENCHMARK(dies_at_any_other_length)->soak_fixed()->Iterations(1000);

}  // namespace
