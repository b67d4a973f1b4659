// unique_ptr::release() where get() was meant: the encoder copies the frame and owns nothing.
#include <array>
#include <cstdint>
#include <memory>
#include <numeric>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Frame = std::array<std::uint8_t, 320>;

class Encoder {
 public:
  /// Reads the frame; the caller keeps it.
  void encode(const Frame* frame) { checksum_ = std::accumulate(frame->begin(), frame->end(), checksum_); }
  [[nodiscard]] unsigned checksum() const { return checksum_; }

 private:
  unsigned checksum_ = 0;
};

std::unique_ptr<Frame> capture_frame(std::uint8_t brightness) {
  auto frame = std::make_unique<Frame>();  // leaks here
  frame->fill(brightness);
  return frame;
}

template <Twin twin>
void stream_one_frame(Encoder& encoder, std::uint8_t brightness) {
  auto frame = capture_frame(brightness);
  if constexpr (twin == Twin::fixed)
    encoder.encode(frame.get());
  else
    encoder.encode(frame.release());
}

template <Twin twin>
void released_pointer(benchmark::State& state) {
  Encoder encoder;
  std::uint8_t brightness = 0;
  for (auto _ : soak::checkpoints(state)) stream_one_frame<twin>(encoder, brightness++);
  benchmark::DoNotOptimize(encoder.checksum());
}
LEAKY_TWINS(released_pointer, 1000);

}  // namespace
}  // namespace leaky
