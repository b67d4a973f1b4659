// Registers scenarios with Google Benchmark, so that the runner can choose how many iterations they run and so that a
// scenario that throws is an error row, not a dead process.
#pragma once

#include <benchmark/benchmark.h>

#include <cstdint>
#include <functional>

namespace soak::detail {

using SetIterations = void (*)(void* benchmark, std::int64_t iterations);

/// Notes a registered benchmark, so that `main` can apply SOAK_ITERATIONS to it before anything runs.
void remember_scenario(void* benchmark, SetIterations set_iterations);

template <typename Scenario>
Scenario* register_scenario(Scenario* scenario) {
  auto* const registered = benchmark::internal::RegisterBenchmarkInternal(scenario);
  remember_scenario(registered, [](void* remembered, std::int64_t iterations) {
    static_cast<benchmark::internal::Benchmark*>(remembered)->Iterations(iterations);
  });
  return scenario;
}

/// Runs `body`; what it throws becomes the error of the row.
void run_guarded(benchmark::State& state, const std::function<void(benchmark::State&)>& body, bool is_fixed = false);

/// A case of Google Benchmark, and what else its author may say of it.
template <typename Case>
class Scenario : public Case {
 public:
  using Case::Case;
  void Run(benchmark::State& state) override {
    run_guarded(
        state, [this](benchmark::State& same) { Case::Run(same); }, is_fixed_);
  }
  /// It cannot be scaled: it runs at its planned length and at no other.
  Scenario* soak_fixed() {
    is_fixed_ = true;
    return this;
  }

 private:
  bool is_fixed_ = false;
};

}  // namespace soak::detail

#define SOAK_DETAIL_JOIN2(a, b) a##b
#define SOAK_DETAIL_JOIN(a, b) SOAK_DETAIL_JOIN2(a, b)
#define SOAK_DETAIL_REGISTERED [[maybe_unused]] static auto* SOAK_DETAIL_JOIN(soak_registered_, __COUNTER__)

/// After BENCHMARK_DEFINE_F(Fixture, Case): registers it as a scenario. Chain Google Benchmark's calls to it,
/// ->Iterations(N) above all: N is what the runner plans for, and may scale. Where that makes no sense, because the
/// work is not the same when there is more of it, say ->soak_fixed() before all others.
#define SOAK_REGISTER_F(Fixture, Case) \
  SOAK_DETAIL_REGISTERED = soak::detail::register_scenario(new soak::detail::Scenario<Fixture##_##Case##_Benchmark>)

/// The same for a plain function void(benchmark::State&).
#define SOAK_BENCHMARK(function)                            \
  SOAK_DETAIL_REGISTERED = soak::detail::register_scenario( \
      new soak::detail::Scenario<benchmark::internal::FunctionBenchmark>(#function, function))
