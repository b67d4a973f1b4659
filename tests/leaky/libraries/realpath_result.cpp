// realpath, which allocates what it returns where it is given no buffer.
#include <cstdlib>
#include <stdexcept>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
std::string canonical(const char* path) {
  char* const resolved = realpath(path, nullptr);  // leaks here
  if (resolved == nullptr) throw std::runtime_error("no such file");
  std::string copy = resolved;
  if constexpr (twin == Twin::fixed) std::free(resolved);
  return copy;
}

template <Twin twin>
void realpath_result(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(canonical<twin>("/usr/./lib/../bin"));
}
LEAKY_TWINS(realpath_result, 1000);

}  // namespace
}  // namespace leaky
