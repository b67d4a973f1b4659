// A handle that is moved into and forgets what it held: move assignment without giving the old buffer back.
#include <cstdlib>
#include <cstring>
#include <new>
#include <utility>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

/// Owns a buffer of a C library.
template <Twin twin>
class PixelBuffer {
 public:
  PixelBuffer() = default;
  explicit PixelBuffer(std::size_t bytes) : pixels_(std::malloc(bytes)) {  // leaks here
    if (pixels_ == nullptr) throw std::bad_alloc();
    std::memset(pixels_, 0x7f, bytes);
  }
  PixelBuffer(PixelBuffer&& other) noexcept : pixels_(std::exchange(other.pixels_, nullptr)) {}
  PixelBuffer& operator=(PixelBuffer&& other) noexcept {
    if constexpr (twin == Twin::fixed) std::free(pixels_);
    pixels_ = std::exchange(other.pixels_, nullptr);
    return *this;
  }
  ~PixelBuffer() { std::free(pixels_); }

 private:
  void* pixels_ = nullptr;
};

template <Twin twin>
void moved_over_handle(benchmark::State& state) {
  PixelBuffer<twin> on_screen;
  for (auto _ : soak::checkpoints(state)) {
    on_screen = PixelBuffer<twin>(640);
    benchmark::DoNotOptimize(on_screen);
  }
}
LEAKY_TWINS(moved_over_handle, 1000);

}  // namespace
}  // namespace leaky
