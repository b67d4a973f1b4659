// A JSON document as a state that is only ever appended to: the status page keeps every sample instead of the last.
#include <cstdint>
#include <nlohmann/json.hpp>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using nlohmann::json;

template <Twin twin>
class StatusPage {
 public:
  void add_sample(std::uint64_t second, double load) {
    if constexpr (twin == Twin::fixed) samples_.clear();
    samples_.push_back({{"second", second}, {"load", load}});  // leaks here
  }
  [[nodiscard]] const json& samples() const { return samples_; }

 private:
  json samples_ = json::array();
};

template <Twin twin>
void json_history(benchmark::State& state) {
  StatusPage<twin> page;
  std::uint64_t second = 0;
  for (auto _ : soak::checkpoints(state)) page.add_sample(++second, 0.25);
  benchmark::DoNotOptimize(page.samples().size());
}
LEAKY_TWINS(json_history, 1000);

}  // namespace
}  // namespace leaky
