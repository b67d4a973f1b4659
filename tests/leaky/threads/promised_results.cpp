// Futures kept "for later": the results of background jobs are collected and never asked for.
#include <array>
#include <cstdint>
#include <future>
#include <list>
#include <utility>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Histogram = std::array<std::uint32_t, 32>;

Histogram count(std::uint32_t seed) {
  Histogram histogram{};
  histogram[seed % histogram.size()] = seed;
  return histogram;
}

std::future<Histogram> start_counting(std::uint32_t seed) {
  return std::async(std::launch::deferred, count, seed);  // leaks here
}

template <Twin twin>
void promised_results(benchmark::State& state) {
  std::list<std::future<Histogram>> results;
  std::uint32_t seed = 0;
  for (auto _ : soak::checkpoints(state)) {
    results.push_back(start_counting(seed++));
    if constexpr (twin == Twin::fixed) {
      benchmark::DoNotOptimize(results.front().get());
      results.pop_front();
    }
  }
}
LEAKY_TWINS(promised_results, 1000);

}  // namespace
}  // namespace leaky
