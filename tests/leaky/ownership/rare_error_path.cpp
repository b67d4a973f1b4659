// One early return: every hundredth message has no body, and its header of 16 bytes is forgotten.
#include <cstdint>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Header {
  std::uint64_t sequence;
  std::uint32_t body_bytes;
  std::uint32_t checksum;
};
static_assert(sizeof(Header) == 16);

Header* read_header(std::uint64_t sequence) {
  const std::uint32_t body_bytes = sequence % 100 == 0 ? 0 : 512;
  return new Header{sequence, body_bytes, 0};  // leaks here
}

template <Twin twin>
std::uint64_t receive(std::uint64_t sequence) {
  Header* const header = read_header(sequence);
  benchmark::DoNotOptimize(*header);
  if (header->body_bytes == 0) {
    if constexpr (twin == Twin::fixed) delete header;
    return 0;
  }
  const auto received = header->sequence;
  delete header;
  return received;
}

template <Twin twin>
void rare_error_path(benchmark::State& state) {
  std::uint64_t sequence = 0;
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(receive<twin>(sequence++));
}
LEAKY_TWINS(rare_error_path, 1000);

}  // namespace
}  // namespace leaky
