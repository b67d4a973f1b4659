// A hash map of strings that no small-string buffer holds: filled, looked into, and emptied entry by entry.
#include <benchmark/benchmark.h>

#include <string>
#include <unordered_map>

namespace {

std::string key_of(int number) { return "a key that is longer than the buffer, " + std::to_string(number * 7919); }

void hash_map(benchmark::State& state) {
  constexpr int entries = 10'000;
  for (auto _ : state) {
    std::unordered_map<std::string, std::string> map;
    for (int i = 0; i < entries; ++i) map.emplace(key_of(i), "a value of about the same length as its key");
    int found = 0;
    for (int i = 0; i < entries; i += 2) found += static_cast<int>(map.count(key_of(i)));
    benchmark::DoNotOptimize(found);
    for (int i = 0; i < entries; ++i) map.erase(key_of(i));
  }
}
BENCHMARK(hash_map)->Iterations(40);

}  // namespace
