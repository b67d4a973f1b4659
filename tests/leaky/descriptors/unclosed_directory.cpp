// opendir without closedir: the search returns as soon as it has found what it looks for.
#include <dirent.h>

#include <stdexcept>
#include <string_view>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
bool contains(const char* folder, std::string_view name) {
  DIR* const directory = opendir(folder);  // leaks here
  if (directory == nullptr) throw std::runtime_error("cannot read the folder");
  while (const dirent* const entry = readdir(directory)) {
    if (entry->d_name != name) continue;
    if constexpr (twin == Twin::fixed) closedir(directory);
    return true;
  }
  closedir(directory);
  return false;
}

template <Twin twin>
void unclosed_directory(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(contains<twin>("/proc/self", "status"));
}
LEAKY_TWINS(unclosed_directory, 100);

}  // namespace
}  // namespace leaky
