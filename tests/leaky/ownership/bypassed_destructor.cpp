// Placement new without its destructor: a slot of static storage is used again for the next connection.
#include <array>
#include <cstddef>
#include <memory>
#include <new>
#include <vector>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct Connection {
  Connection() : received(256) {}  // leaks here
  std::vector<char> received;
};

/// Room for one connection, so that accepting one allocates nothing for the object itself.
template <Twin twin>
class Slot {
 public:
  Connection& accept() { return *(current_ = new (storage_.data()) Connection()); }
  void disconnect() {
    if constexpr (twin == Twin::fixed) std::destroy_at(current_);
    current_ = nullptr;
  }

 private:
  alignas(Connection) std::array<std::byte, sizeof(Connection)> storage_{};
  Connection* current_ = nullptr;
};

template <Twin twin>
void bypassed_destructor(benchmark::State& state) {
  Slot<twin> slot;
  for (auto _ : soak::checkpoints(state)) {
    benchmark::DoNotOptimize(slot.accept().received.front());
    slot.disconnect();
  }
}
LEAKY_TWINS(bypassed_destructor, 1000);

}  // namespace
}  // namespace leaky
