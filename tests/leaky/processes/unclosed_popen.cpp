// popen without pclose: a stream, a descriptor and a process for each question asked.
#include <unistd.h>

#include <cstdio>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
ssize_t version_bytes(const char* command) {
  std::FILE* const output = popen(command, "re");  // leaks here
  if (output == nullptr) throw std::runtime_error("cannot run the command");
  char version[80];
  const auto bytes = read(fileno(output), version, sizeof(version));
  if constexpr (twin == Twin::fixed) pclose(output);
  return bytes;
}

template <Twin twin>
void unclosed_popen(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(version_bytes<twin>("echo version 4.2"));
}
LEAKY_TWINS(unclosed_popen, 64);

}  // namespace
}  // namespace leaky
