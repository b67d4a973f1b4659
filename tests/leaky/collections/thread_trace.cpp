// A thread_local buffer that is only appended to. Its capacity doubles, so it grows in ever rarer and larger steps.
#include <cstdint>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class Trace {
 public:
  static void enter(const char* function, std::uint64_t line) {
    text_ += std::to_string(100'000 + line) + function;  // leaks here
  }
  /// At the end of a request: hands the trace to whoever asked for one.
  static void finish(bool wanted) {
    benchmark::DoNotOptimize(wanted ? text_.size() : 0);
    if (twin == Twin::fixed || wanted) text_.clear();
  }

 private:
  static thread_local std::string text_;
};
template <Twin twin>
thread_local std::string Trace<twin>::text_;

template <Twin twin>
void thread_trace(benchmark::State& state) {
  std::uint64_t line = 0;
  for (auto _ : soak::checkpoints(state)) {
    Trace<twin>::enter(" Playlist::load_next_chunk_of_jobs", ++line);
    Trace<twin>::finish(false);
  }
}
// The last doubling, at 512 iterations, then falls into the half that is judged.
LEAKY_TWINS(thread_trace, 700);

}  // namespace
}  // namespace leaky
