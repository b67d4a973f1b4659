// Do concurrent downloads leak? Batches of media objects from a real server that breaks off, refuses and stalls.
#include <array>
#include <chrono>
#include <cstdint>
#include <downloads/downloader.hpp>
#include <downloads/media_server_process.hpp>
#include <downloads/workload.hpp>
#include <memory>
#include <optional>
#include <retry/exponential_backoff.hpp>
#include <soak/soak.hpp>
#include <storage/temporary_folder.hpp>
#include <string>
#include <vector>

namespace downloads {
namespace {

using namespace std::chrono_literals;

// Short waits, as the server is near; so many attempts that a slow machine, where transfers stall by themselves,
// still finishes.
constexpr recovery::RetryConfig retries{.max_attempts = 16, .base_delay = 1ms, .max_delay = 8ms};
constexpr std::size_t kept_reports = 8;
constexpr std::uint64_t seed = 3;
constexpr std::size_t distinct_batches = 32;  // The run goes round them; one of them has a stall.
constexpr std::size_t stalling_batch = 19;

/// All that a run needs, made before its baseline and gone after its last checkpoint.
struct Site {
  explicit Site(std::size_t concurrency)
      : recoveries(std::make_unique<recovery::ExponentialBackoff>(retries, seed), clock, kept_reports),
        downloader(recoveries, {.concurrency = concurrency, .stall_timeout = 150ms}) {}

  recovery::SteadyClock clock;
  recovery::ErrorRecoveryManager recoveries;
  Downloader downloader;
  MediaServerProcess server;
  storage::TemporaryFolder folder{"soak-downloads-"};
  std::array<std::vector<DownloadRequest>, distinct_batches> batches;
};

class ConcurrentDownloads : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;

  void SetUp(benchmark::State& state) override {
    const auto concurrency = static_cast<std::size_t>(state.range(0));
    site_ = std::make_unique<Site>(concurrency);
    for (std::size_t number = 0; number < distinct_batches; ++number) {
      const BatchPlan plan{.objects = concurrency * objects_per_transfer,
                           .seed = seed * distinct_batches + number,
                           .stall = number == stalling_batch ? Stall::once : Stall::no};
      site_->batches[number] = plan_batch(plan, site_->server.url(), site_->folder.path());
    }
  }

  void TearDown(benchmark::State&) override { site_.reset(); }

 protected:
  static constexpr std::size_t objects_per_transfer = 2;

  /// The reason of the first download that failed, if any did.
  std::optional<std::string> download_batch(std::size_t number) {
    for (const auto& result : site_->downloader.download(site_->batches[number % distinct_batches])) {
      if (!result.succeeded()) return result.error;
      bytes_ += static_cast<std::int64_t>(result.bytes);
    }
    return std::nullopt;
  }

  std::int64_t bytes_ = 0;

 private:
  std::unique_ptr<Site> site_;
};

BENCHMARK_DEFINE_F(ConcurrentDownloads, download)(benchmark::State& state) {
  std::size_t batch = 0;
  bytes_ = 0;
  for (auto _ : soak::checkpoints(state)) {
    if (const auto error = download_batch(batch++)) {
      state.SkipWithError(error->c_str());
      break;
    }
  }
  state.SetBytesProcessed(bytes_);
}
SOAK_REGISTER_F(ConcurrentDownloads, download)->Iterations(96)->Name("ConcurrentDownloads")->Arg(4)->Arg(16);

}  // namespace
}  // namespace downloads
