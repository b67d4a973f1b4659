// The buffer of getline: it makes one where it is given none, and leaves it to the caller.
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Stream = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

template <Twin twin>
int count_lines(std::string& text) {
  const Stream stream(fmemopen(text.data(), text.size(), "r"), &std::fclose);
  char* line = nullptr;
  std::size_t capacity = 0;
  int lines = 0;
  while (getline(&line, &capacity, stream.get()) > 0) ++lines;  // leaks here
  if constexpr (twin == Twin::fixed) std::free(line);
  return lines;
}

template <Twin twin>
void getline_buffer(benchmark::State& state) {
  std::string text = "#EXTM3U\n#EXTINF:10\nsegment-1.ts\n#EXTINF:10\nsegment-2.ts\n";
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(count_lines<twin>(text));
}
LEAKY_TWINS(getline_buffer, 1000);

}  // namespace
}  // namespace leaky
