// A pipe of which only the end that was used is closed.
#include <unistd.h>

#include <array>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Pipe {
  Pipe() {
    std::array<int, 2> ends{};
    if (pipe(ends.data()) != 0) throw std::runtime_error("no pipe");  // leaks here
    read_end = ends[0];
    write_end = ends[1];
  }
  int read_end = -1;
  int write_end = -1;
};

/// Sends one byte to itself, as event loops do to wake up.
template <Twin twin>
bool wakes_up() {
  const Pipe wake_up;
  char byte = 1;
  const bool arrived = write(wake_up.write_end, &byte, 1) == 1 && read(wake_up.read_end, &byte, 1) == 1;
  close(wake_up.read_end);
  if constexpr (twin == Twin::fixed) close(wake_up.write_end);
  return arrived;
}

template <Twin twin>
void pipe_end(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(wakes_up<twin>());
}
LEAKY_TWINS(pipe_end, 100);

}  // namespace
}  // namespace leaky
