// mmap without munmap: address space and no heap. Only the first page of each mapping is touched.
#include <sys/mman.h>

#include <cstddef>
#include <stdexcept>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

constexpr std::size_t window_bytes = std::size_t{256} << 10;

/// A window into a large picture, zeroed.
std::byte* map_window() {
  const auto protection = PROT_READ | PROT_WRITE;
  void* const window = mmap(nullptr, window_bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);  // leaks here
  if (window == MAP_FAILED) throw std::runtime_error("no address space");
  return static_cast<std::byte*>(window);
}

template <Twin twin>
void draw_into_window() {
  auto* const window = map_window();
  window[0] = std::byte{0xff};
  if constexpr (twin == Twin::fixed) munmap(window, window_bytes);
}

template <Twin twin>
void mapped_window(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) draw_into_window<twin>();
}
LEAKY_TWINS(mapped_window, 500);

}  // namespace
}  // namespace leaky
