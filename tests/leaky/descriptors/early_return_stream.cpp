// A stdio stream that is closed at the end of the function only: what is no regular file returns earlier.
#include <sys/stat.h>

#include <cstdio>
#include <stdexcept>
#include <string_view>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

bool is_regular(std::FILE* stream) {
  struct stat status {};
  return fstat(fileno(stream), &status) == 0 && S_ISREG(status.st_mode);
}

template <Twin twin>
bool is_playlist(const char* path) {
  std::FILE* const stream = std::fopen(path, "re");  // leaks here
  if (stream == nullptr) throw std::runtime_error("cannot open the candidate");
  if (!is_regular(stream)) {
    if constexpr (twin == Twin::fixed) std::fclose(stream);
    return false;
  }
  char line[80] = {};
  const bool found = std::fgets(line, sizeof(line), stream) != nullptr && std::string_view(line) == "#EXTM3U\n";
  std::fclose(stream);
  return found;
}

template <Twin twin>
void early_return_stream(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(is_playlist<twin>("/dev/null"));
}
LEAKY_TWINS(early_return_stream, 100);

}  // namespace
}  // namespace leaky
