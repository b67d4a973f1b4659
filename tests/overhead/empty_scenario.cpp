// A scenario that does nothing: all that grows is the observer's.
#include <soak/soak.hpp>

namespace {

void empty(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
  }
}
SOAK_BENCHMARK(empty)->Iterations(1'000'000);

}  // namespace
