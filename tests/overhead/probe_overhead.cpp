// Work that allocates, to be run with the probe preloaded and without it: see `run` beside this file.
#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

namespace {

/// Nothing but malloc and free: 64 blocks of 16 to 271 bytes, one replaced at a time, in an order that no branch
/// predictor learns.
void tight_ring(benchmark::State& state) {
  std::array<void*, 64> ring{};
  std::uint32_t random = 1;
  for (auto _ : state) {
    random = random * 1664525 + 1013904223;
    auto& block = ring[random >> 16 & 63];
    std::free(block);
    block = std::malloc(16 + (random >> 24));
    *static_cast<volatile char*>(block) = 1;
  }
  for (void* const block : ring) std::free(block);
}
BENCHMARK(tight_ring)->Iterations(10'000'000);
BENCHMARK(tight_ring)->Name("two_threads")->Threads(2)->Iterations(5'000'000);

std::string playlist_document() {
  auto tracks = nlohmann::json::array();
  for (int i = 0; i < 2000; ++i)
    tracks.push_back({{"id", "video" + std::to_string(i * 7919)},
                      {"title", "A title of the usual length, number " + std::to_string(i)},
                      {"duration", 180 + i % 240},
                      {"channel", {{"name", "Channel " + std::to_string(i % 50)}, {"verified", i % 3 == 0}}},
                      {"tags", {"music", "live", "number " + std::to_string(i % 10)}},
                      {"formats", {{{"height", 720}, {"codec", "vp9"}}, {{"height", 1080}, {"codec", "av01"}}}}});
  return nlohmann::json{{"title", "playlist"}, {"entries", tracks}}.dump();
}

void json_parse(benchmark::State& state) {
  const auto document = playlist_document();
  for (auto _ : state) benchmark::DoNotOptimize(nlohmann::json::parse(document));
}
BENCHMARK(json_parse)->Iterations(30);

}  // namespace
