// A static map of metrics whose label is the name of a user: one counter for everybody who ever came.
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class Metrics {
 public:
  static void count(const std::string& metric, const std::string& user) {
    static std::mutex mutex;
    static std::map<std::string, std::uint64_t> counters;
    const auto label = twin == Twin::fixed ? metric : metric + "{user=" + user + "}";
    const std::lock_guard lock(mutex);
    ++counters[label];  // leaks here
  }
};

template <Twin twin>
void metric_labels(benchmark::State& state) {
  std::uint64_t user = 1000;
  for (auto _ : soak::checkpoints(state)) Metrics<twin>::count("downloads_total", std::to_string(user++));
}
LEAKY_TWINS(metric_labels, 1000);

}  // namespace
}  // namespace leaky
