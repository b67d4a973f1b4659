// Child processes that nobody waits for: a helper is started, its answer read, its exit status never asked for.
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

constexpr int healthy = 7;

template <Twin twin>
bool run_health_check() {
  const pid_t child = fork();  // leaks here
  if (child < 0) throw std::runtime_error("cannot fork");
  if (child == 0) _exit(healthy);
  if constexpr (twin == Twin::leaky) return true;
  int status = 0;
  return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == healthy;
}

template <Twin twin>
void zombie_children(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(run_health_check<twin>());
}
LEAKY_TWINS(zombie_children, 100);

}  // namespace
}  // namespace leaky
