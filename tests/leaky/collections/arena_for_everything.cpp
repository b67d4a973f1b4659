// A monotonic arena that outlives the requests it serves: deallocate() does nothing, release() was forgotten.
#include <cstdint>
#include <memory_resource>
#include <string>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class RequestHandler {
 public:
  std::size_t handle(std::uint64_t request) {
    const auto bytes = answer_bytes(request);
    if constexpr (twin == Twin::fixed) arena_.release();
    return bytes;
  }

 private:
  std::size_t answer_bytes(std::uint64_t request) {
    const std::pmr::string answer("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n", &arena_);  // leaks here
    return answer.size() + request % 10;
  }

  std::pmr::monotonic_buffer_resource arena_;
};

template <Twin twin>
void arena_for_everything(benchmark::State& state) {
  RequestHandler<twin> handler;
  std::uint64_t request = 0;
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(handler.handle(request++));
}
// The arena takes half as much again each time; here the last time falls into the half that is judged.
LEAKY_TWINS(arena_for_everything, 900);

}  // namespace
}  // namespace leaky
