// dup without close: the output is redirected for a while, put back, and the copy that was kept for it forgotten.
#include <fcntl.h>
#include <unistd.h>

#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

/// Silences a descriptor while it lives.
template <Twin twin>
class Silenced {
 public:
  explicit Silenced(int descriptor) : descriptor_(descriptor), saved_(dup(descriptor)) {  // leaks here
    const int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (saved_ < 0 || nowhere < 0) throw std::runtime_error("cannot redirect the output");
    dup2(nowhere, descriptor_);
    close(nowhere);
  }
  ~Silenced() {
    dup2(saved_, descriptor_);
    if constexpr (twin == Twin::fixed) close(saved_);
  }
  Silenced(const Silenced&) = delete;
  Silenced& operator=(const Silenced&) = delete;

 private:
  int descriptor_;
  int saved_;
};

template <Twin twin>
void saved_output(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    const Silenced<twin> quiet(STDERR_FILENO);
    benchmark::DoNotOptimize(write(STDERR_FILENO, "warning: deprecated option\n", 27));
  }
}
LEAKY_TWINS(saved_output, 100);

}  // namespace
}  // namespace leaky
