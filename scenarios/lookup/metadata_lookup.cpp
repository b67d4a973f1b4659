// Does the metadata service leak? Ten thousand lookups through a cache that fills in the first tenth of them.
#include <chrono>
#include <memory>
#include <soak/soak.hpp>

#include "lookup/metadata_service.hpp"
#include "lookup/zipf_keys.hpp"
#include "retry/exponential_backoff.hpp"

namespace lookup {
namespace {

using namespace std::chrono_literals;

// Two attempts and sixteen reports: the log of failures is full as early as the cache.
constexpr std::size_t cached_videos = 256;
constexpr std::size_t kept_reports = 16;
constexpr recovery::RetryConfig retry_config{.max_attempts = 2, .base_delay = 50ms};
constexpr std::uint64_t seed = 11;

/// The service and all it is made of.
struct Lookups {
  recovery::ManualClock clock;
  recovery::ErrorRecoveryManager retries{std::make_unique<recovery::ExponentialBackoff>(retry_config, seed), clock,
                                         kept_reports};
  MetadataCache cache{cached_videos, 20s, clock};
  SeededMetadataSource source{seed};
  ZipfKeys keys{4096, 1.0, seed};
  MetadataService service{cache, source, retries};
};

class MetadataLookup : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;

  void SetUp(benchmark::State&) override { lookups_ = std::make_unique<Lookups>(); }
  void TearDown(benchmark::State&) override { lookups_.reset(); }

 protected:
  std::unique_ptr<Lookups> lookups_;
};

BENCHMARK_DEFINE_F(MetadataLookup, zipf)(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    auto found = lookups_->service.find(lookups_->keys.next());
    benchmark::DoNotOptimize(found);
    lookups_->clock.advance(10ms);
  }
  const auto& counts = lookups_->service.counts();
  state.counters["hits"] = static_cast<double>(counts.from_cache);
  state.counters["failures"] = static_cast<double>(counts.failed);
}
SOAK_REGISTER_F(MetadataLookup, zipf)->Name("MetadataLookup")->Iterations(10000);

}  // namespace
}  // namespace lookup
