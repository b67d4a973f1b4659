// A playlist of 2,000 entries is parsed and thrown away: some 71,000 blocks each time.
#include <benchmark/benchmark.h>

#include <nlohmann/json.hpp>
#include <string>

namespace {

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
