// An object pool that takes everything back and hands nothing out again.
#include <array>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

using Packet = std::array<std::byte, 500>;

template <Twin twin>
class PacketPool {
 public:
  std::unique_ptr<Packet> take() {
    if (twin == Twin::fixed && !free_.empty()) {
      auto packet = std::move(free_.back());
      free_.pop_back();
      return packet;
    }
    return std::make_unique<Packet>();  // leaks here
  }
  void give_back(std::unique_ptr<Packet> packet) { free_.push_back(std::move(packet)); }

 private:
  std::vector<std::unique_ptr<Packet>> free_;
};

template <Twin twin>
void unused_pool(benchmark::State& state) {
  PacketPool<twin> pool;
  for (auto _ : soak::checkpoints(state)) {
    auto packet = pool.take();
    benchmark::DoNotOptimize(packet->front());
    pool.give_back(std::move(packet));
  }
}
LEAKY_TWINS(unused_pool, 1000);

}  // namespace
}  // namespace leaky
