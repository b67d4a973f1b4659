// Does the retry loop leak? A thousand operations against a service that fails in bursts; nothing sleeps.
#include <chrono>
#include <memory>
#include <soak/soak.hpp>
#include <utility>

#include "retry/adaptive.hpp"
#include "retry/circuit_breaker.hpp"
#include "retry/error_recovery_manager.hpp"
#include "retry/exponential_backoff.hpp"
#include "retry/fixed_delay.hpp"
#include "retry/flaky_service.hpp"

namespace recovery {
namespace {

using namespace std::chrono_literals;

// Few attempts and few reports fill the log within the first fifth of the run: what grows later is a leak.
constexpr RetryConfig config{.max_attempts = 4, .base_delay = 100ms, .max_delay = 10s};
constexpr std::size_t kept_reports = 32;
constexpr std::uint64_t seed = 20;

class RetryLoop : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;

  void SetUp(benchmark::State&) override {
    clock_ = std::make_unique<ManualClock>();
    service_ = std::make_unique<FlakyService>(seed);
  }

  void TearDown(benchmark::State&) override {
    service_.reset();
    clock_.reset();
  }

 protected:
  void soak(benchmark::State& state, std::unique_ptr<RetryStrategy> strategy) {
    ErrorRecoveryManager manager(std::move(strategy), *clock_, kept_reports);
    std::uint64_t request = 0;
    for (auto _ : soak::checkpoints(state)) {
      auto result = manager.execute_with_retry([this] { return service_->fetch(); }, describe_request(request++));
      benchmark::DoNotOptimize(result);
      clock_->advance(500ms);  // Until somebody asks for the next page.
    }
    if (!manager.active_recoveries().empty()) state.SkipWithError("recoveries were left behind");
    state.SetItemsProcessed(static_cast<std::int64_t>(service_->requests()));
  }

 private:
  std::unique_ptr<ManualClock> clock_;
  std::unique_ptr<FlakyService> service_;
};

BENCHMARK_DEFINE_F(RetryLoop, adaptive)(benchmark::State& state) { soak(state, std::make_unique<Adaptive>(config)); }
SOAK_REGISTER_F(RetryLoop, adaptive)->Iterations(1000);

BENCHMARK_DEFINE_F(RetryLoop, exponential_backoff)(benchmark::State& state) {
  soak(state, std::make_unique<ExponentialBackoff>(config, seed));
}
SOAK_REGISTER_F(RetryLoop, exponential_backoff)->Iterations(1000);

BENCHMARK_DEFINE_F(RetryLoop, circuit_breaker)(benchmark::State& state) {
  soak(state,
       std::make_unique<CircuitBreaker>(config, CircuitBreakerConfig{.failure_threshold = 6, .cool_down = 2s}));
}
SOAK_REGISTER_F(RetryLoop, circuit_breaker)->Iterations(1000);

BENCHMARK_DEFINE_F(RetryLoop, fixed_delay)(benchmark::State& state) {
  soak(state, std::make_unique<FixedDelay>(config));
}
SOAK_REGISTER_F(RetryLoop, fixed_delay)->Iterations(1000);

}  // namespace
}  // namespace recovery
