// Scenarios as somebody else would write them: a fixture, a plain Google Benchmark, one that leaks.
#include <map>
#include <memory>
#include <soak/soak.hpp>
#include <string>

namespace {

class Sessions : public benchmark::Fixture {
 public:
  using benchmark::Fixture::SetUp;
  using benchmark::Fixture::TearDown;
  void SetUp(benchmark::State&) override { sessions_ = std::make_unique<std::map<int, std::string>>(); }
  void TearDown(benchmark::State&) override { sessions_.reset(); }

 protected:
  void open(int id) { (*sessions_)[id] = "a session that is long enough to need memory of its own"; }
  void close(int id) { sessions_->erase(id); }

 private:
  std::unique_ptr<std::map<int, std::string>> sessions_;
};

BENCHMARK_DEFINE_F(Sessions, closed)(benchmark::State& state) {
  int id = 0;
  for (auto _ : soak::checkpoints(state)) {
    open(++id);
    close(id);
  }
  soak::checkpoint(state, "after the loop");
}
SOAK_REGISTER_F(Sessions, closed)->Iterations(2000);

BENCHMARK_DEFINE_F(Sessions, never_closed)(benchmark::State& state) {
  int id = 0;
  for (auto _ : soak::checkpoints(state)) open(++id);
}
SOAK_REGISTER_F(Sessions, never_closed)->Iterations(2000);

void plain_benchmark(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(std::make_unique<std::string>(100, 'x'));
}
BENCHMARK(plain_benchmark)->Iterations(2000)->Threads(2);

}  // namespace
