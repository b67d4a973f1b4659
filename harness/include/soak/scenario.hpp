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
auto* register_scenario(Scenario* scenario) {
  auto* registered = benchmark::internal::RegisterBenchmarkInternal(scenario);
  remember_scenario(registered, [](void* remembered, std::int64_t iterations) {
    static_cast<decltype(registered)>(remembered)->Iterations(iterations);
  });
  return registered;
}

/// Runs `body`; what it throws becomes the error of the row.
void run_guarded(benchmark::State& state, const std::function<void(benchmark::State&)>& body);

class FunctionScenario : public benchmark::internal::Benchmark {
 public:
  FunctionScenario(const char* name, void (*body)(benchmark::State&)) : Benchmark(name), body_(body) {}
  void Run(benchmark::State& state) override { run_guarded(state, body_); }

 private:
  void (*body_)(benchmark::State&);
};

}  // namespace soak::detail

#define SOAK_DETAIL_JOIN2(a, b) a##b
#define SOAK_DETAIL_JOIN(a, b) SOAK_DETAIL_JOIN2(a, b)
#define SOAK_DETAIL_REGISTERED [[maybe_unused]] static auto* SOAK_DETAIL_JOIN(soak_registered_, __COUNTER__)

/// After BENCHMARK_DEFINE_F(Fixture, Case): registers it as a scenario. Chain Google Benchmark's calls to it,
/// ->Iterations(N) first of all: N is what the runner plans for, and may scale.
#define SOAK_REGISTER_F(Fixture, Case)                                                                         \
  class Fixture##_##Case##_Scenario : public Fixture##_##Case##_Benchmark {                                    \
   public:                                                                                                     \
    void Run(benchmark::State& state) override {                                                               \
      soak::detail::run_guarded(state, [this](benchmark::State& s) { Fixture##_##Case##_Benchmark::Run(s); }); \
    }                                                                                                          \
  };                                                                                                           \
  SOAK_DETAIL_REGISTERED = soak::detail::register_scenario(new Fixture##_##Case##_Scenario)

/// The same for a plain function void(benchmark::State&).
#define SOAK_BENCHMARK(function) \
  SOAK_DETAIL_REGISTERED = soak::detail::register_scenario(new soak::detail::FunctionScenario(#function, function))
