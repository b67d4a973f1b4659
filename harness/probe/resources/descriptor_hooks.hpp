// What the hooks of functions that open and close descriptors have in common. Where call sites are off they pass the
// call on, and that is all.
#pragma once

#include "probe/counters.hpp"
#include "probe/next_function.hpp"
#include "probe/sites/machine.hpp"

namespace soak::probe {

void keep_opened(int descriptor, const Registers& caller) noexcept;
void keep_closing(int descriptor) noexcept;

/// After the call; returns what it returned.
inline int opened(int descriptor, const Registers& caller) noexcept {
  if (attached.sites != nullptr && descriptor >= 0) [[unlikely]]
    keep_opened(descriptor, caller);
  return descriptor;
}
/// Two at once, where `error` is 0.
inline int opened_pair(int error, const int* pair, const Registers& caller) noexcept {
  if (error == 0) {
    opened(pair[0], caller);
    opened(pair[1], caller);
  }
  return error;
}
/// Before the call.
inline void closing(int descriptor) noexcept {
  if (attached.sites != nullptr) [[unlikely]]
    keep_closing(descriptor);
}

}  // namespace soak::probe

/// A function that returns a descriptor. SOAK_OPENS(dup, (int descriptor), (descriptor)).
#define SOAK_OPENS(function, parameters, arguments)                    \
  SOAK_NEXT(int parameters, function)                                  \
  SOAK_HOOK int function parameters {                                  \
    const auto caller = SOAK_CALLER_REGISTERS();                       \
    return ::soak::probe::opened((*next_##function)arguments, caller); \
  }
/// One that leaves two in `pair` and returns 0.
#define SOAK_OPENS_PAIR(function, parameters, arguments)                          \
  SOAK_NEXT(int parameters, function)                                             \
  SOAK_HOOK int function parameters {                                             \
    const auto caller = SOAK_CALLER_REGISTERS();                                  \
    return ::soak::probe::opened_pair((*next_##function)arguments, pair, caller); \
  }
