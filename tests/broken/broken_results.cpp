// Runs its scenario and then leaves results that are not what the runner was promised: BROKEN_RESULTS says how.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <soak/soak.hpp>
#include <string>

namespace {

void fine(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(state.threads());
}
SOAK_BENCHMARK(fine)->Iterations(100);

std::string argument_after(int argc, char** argv, const std::string& prefix) {
  for (int i = 1; i < argc; ++i)
    if (const std::string argument = argv[i]; argument.starts_with(prefix)) return argument.substr(prefix.size());
  return {};
}

std::string text_of(const std::string& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

void replace(std::string& text, const std::string& from, const std::string& to) {
  if (const auto at = text.find(from); at != std::string::npos) text.replace(at, from.size(), to);
}

void break_results(const std::string& file, const std::string& how) {
  if (how == "missing") {
    std::filesystem::remove(file);
    return;
  }
  auto text = text_of(file);
  if (how == "empty") text.clear();
  if (how == "truncated") text.resize(text.size() / 2);
  if (how == "other_iterations") replace(text, "\"iterations\": 100", "\"iterations\": 99");
  if (how == "not_a_number") replace(text, "\"cp00.rss_bytes\": ", "\"cp00.rss_bytes\": nan, \"x\": ");
  if (how == "foreign") text = "{\"hello\": [1, 2, 3]}";
  std::ofstream(file, std::ios::trunc) << text;
}

}  // namespace

int main(int argc, char** argv) {
  const auto results = argument_after(argc, argv, "--benchmark_out=");
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
  const char* const how = std::getenv("BROKEN_RESULTS");
  if (how != nullptr && !results.empty()) break_results(results, how);
  return 0;
}
