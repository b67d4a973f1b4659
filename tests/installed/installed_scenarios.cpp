#include <soak/soak.hpp>
#include <string>
#include <vector>

namespace {

void closed(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(std::string(100, 'x'));
}
SOAK_BENCHMARK(closed)->Iterations(2000);

std::vector<std::string> sessions;
void never_closed(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) sessions.emplace_back(100, 'x');
}
SOAK_BENCHMARK(never_closed)->Iterations(2000);

}  // namespace
