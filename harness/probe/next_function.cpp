#include "probe/next_function.hpp"

// The bounds of the section, which the linker defines.
extern "C" __attribute__((visibility("hidden"))) soak::probe::NextSymbol __start_soak_next[], __stop_soak_next[];

namespace soak::probe {

void look_up_next_functions() noexcept {
  for (auto* symbol = __start_soak_next; symbol != __stop_soak_next; ++symbol) symbol->look_up();
}

}  // namespace soak::probe
