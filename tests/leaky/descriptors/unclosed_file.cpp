// A descriptor that is not closed: the load is looked up before each job, and the file left open.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

/// Of the last minute, as the kernel has it.
template <Twin twin>
double load_average() {
  const int file = open("/proc/loadavg", O_RDONLY | O_CLOEXEC);  // leaks here
  if (file < 0) throw std::runtime_error("cannot read the load average");
  std::array<char, 64> text{};
  const auto size = read(file, text.data(), text.size() - 1);
  if constexpr (twin == Twin::fixed) close(file);
  return size > 0 ? std::strtod(text.data(), nullptr) : 0;
}

template <Twin twin>
void unclosed_file(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(load_average<twin>());
}
LEAKY_TWINS(unclosed_file, 100);

}  // namespace
}  // namespace leaky
