// Ten thousand threads that come and go: each leaves a block behind, and each frees one of another's.
#include <thread>
#include <vector>

#include "heap_change.hpp"

using namespace faithful;

namespace {

constexpr std::int64_t threads = 10'000;

/// Threads one after another re-use one stack, and what libc holds for it.
template <typename Body>
void in_threads(std::size_t count, Body body) {
  pthread_t thread = 0;
  for (std::size_t i = 0; i < count; ++i) {
    struct Call {
      Body& body;
      std::size_t index;
    } call{body, i};
    pthread_create(
        &thread, nullptr,
        [](void* argument) -> void* {
          const auto& [own_body, index] = *static_cast<Call*>(argument);
          own_body(index);
          return nullptr;
        },
        &call);
    pthread_join(thread, nullptr);
  }
}

}  // namespace

int main() {
  std::vector<void*> blocks(threads);
  in_threads(1, [](std::size_t) { free(kept(malloc(1))); });
  const HeapChange change;
  in_threads(threads, [&](std::size_t i) { blocks[i] = kept(malloc(24)); });
  change.expect("a block a thread", {threads, threads * 24, threads, 0});
  in_threads(threads, [&](std::size_t i) { free(blocks[blocks.size() - 1 - i]); });
  change.expect("freed by others", {0, 0, threads, threads});
  return result();
}
