// Ids that were seen, kept to drop duplicates, for ever: a window of the last ones does.
#include <cstdint>
#include <unordered_set>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class DuplicateFilter {
 public:
  bool is_new(std::uint64_t id) {
    if (twin == Twin::fixed && id >= window) seen_.erase(id - window);
    return seen_.insert(id).second;  // leaks here
  }

 private:
  static constexpr std::uint64_t window = 100;
  std::unordered_set<std::uint64_t> seen_;
};

template <Twin twin>
void seen_ids(benchmark::State& state) {
  DuplicateFilter<twin> filter;
  std::uint64_t id = 0;
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(filter.is_new(id++));
}
LEAKY_TWINS(seen_ids, 1000);

}  // namespace
}  // namespace leaky
