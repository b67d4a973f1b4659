// Benchmarks that have never heard of soak.
#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace {

std::vector<std::unique_ptr<std::string>> log_of_everything;

void BM_clean(benchmark::State& state) {
  for (auto _ : state) benchmark::DoNotOptimize(std::make_unique<std::string>(100, 'x'));
}
BENCHMARK(BM_clean);

void BM_leaking(benchmark::State& state) {
  for (auto _ : state) log_of_everything.push_back(std::make_unique<std::string>(100, 'x'));
}
BENCHMARK(BM_leaking);

void BM_leaking_fixed(benchmark::State& state) {
  for (auto _ : state) log_of_everything.push_back(std::make_unique<std::string>(100, 'x'));
}
BENCHMARK(BM_leaking_fixed)->Iterations(500);

void BM_wholly_fixed(benchmark::State& state) {
  for (auto _ : state) log_of_everything.push_back(std::make_unique<std::string>(100, 'x'));
}
BENCHMARK(BM_wholly_fixed)->Iterations(500)->Repetitions(2);

void BM_failing(benchmark::State& state) {
  state.SkipWithError("no server to talk to");
  for (auto _ : state) break;
}
BENCHMARK(BM_failing);

}  // namespace
