// A hand-written list whose clear() forgets all links but the first.
#include <cstdint>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

template <Twin twin>
class Segments {
 public:
  Segments() = default;
  ~Segments() { clear(); }
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;

  void prepend(std::uint64_t first_byte, std::uint64_t last_byte) {
    first_ = new Segment{first_byte, last_byte, first_};  // leaks here
    benchmark::DoNotOptimize(*first_);
  }
  void clear() {
    if constexpr (twin == Twin::fixed)
      while (first_ != nullptr && first_->next != nullptr) delete_first();
    delete first_;
    first_ = nullptr;
  }

 private:
  struct Segment {
    std::uint64_t first_byte;
    std::uint64_t last_byte;
    Segment* next;
  };

  void delete_first() {
    const Segment* const old = first_;
    first_ = first_->next;
    delete old;
  }

  Segment* first_ = nullptr;
};

template <Twin twin>
void dropped_list(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) {
    Segments<twin> missing;
    for (std::uint64_t begin = 0; begin < 4096; begin += 1024) missing.prepend(begin, begin + 1023);
  }
}
LEAKY_TWINS(dropped_list, 1000);

}  // namespace
}  // namespace leaky
