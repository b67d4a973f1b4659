// A base class without a virtual destructor: what the derived class owns is not destroyed with it.
// The compiler knows this leak; many a code base does not ask it.
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#pragma GCC diagnostic ignored "-Wdelete-non-virtual-dtor"
#ifdef __clang__
#pragma GCC diagnostic ignored "-Wdelete-abstract-non-virtual-dtor"
#endif

#include <memory>
#include <string>
#include <type_traits>

#include "leaky/twins.hpp"

namespace leaky {
namespace {

struct WithoutDestructor {};

struct WithVirtualDestructor {
  virtual ~WithVirtualDestructor() = default;
};

template <Twin twin>
struct Message : std::conditional_t<twin == Twin::fixed, WithVirtualDestructor, WithoutDestructor> {
  [[nodiscard]] virtual std::size_t bytes() const = 0;
};

template <Twin twin>
struct TextMessage final : Message<twin> {
  explicit TextMessage(const char* said) : text(said) {}  // leaks here
  [[nodiscard]] std::size_t bytes() const override { return text.size(); }

  std::string text;
};

template <Twin twin>
std::unique_ptr<Message<twin>> next_message() {
  return std::make_unique<TextMessage<twin>>("the playlist was changed by somebody else; load it again");
}

template <Twin twin>
void missing_virtual_destructor(benchmark::State& state) {
  for (auto _ : soak::checkpoints(state)) benchmark::DoNotOptimize(next_message<twin>()->bytes());
}
LEAKY_TWINS(missing_virtual_destructor, 1000);

}  // namespace
}  // namespace leaky
