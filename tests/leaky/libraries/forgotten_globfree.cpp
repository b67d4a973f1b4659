// glob without globfree.
#include <glob.h>

#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
std::size_t count_files(const char* pattern) {
  glob_t matched{};
  if (glob(pattern, 0, nullptr, &matched) != 0) throw std::runtime_error("nothing matches");  // leaks here
  const auto count = matched.gl_pathc;
  if constexpr (twin == Twin::fixed) globfree(&matched);
  return count;
}

template <Twin twin>
void forgotten_globfree(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(count_files<twin>("/proc/self/stat*"));
}
LEAKY_TWINS(forgotten_globfree, 200);

}  // namespace
}  // namespace leaky
