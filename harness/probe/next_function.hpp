// The function that the program would have called without us.
#pragma once

#include <dlfcn.h>

#include <atomic>

namespace soak::probe {

struct NextSymbol {
  const char* name;
  std::atomic<void*> address;

  /// Looked up by name once: at the first use, or by look_up_next_functions().
  void* look_up() noexcept {
    auto* found = address.load(std::memory_order_relaxed);
    if (found == nullptr) address.store(found = dlsym(RTLD_NEXT, name), std::memory_order_relaxed);
    return found;
  }
};

/// Define it with SOAK_NEXT.
template <typename Function>
class NextFunction : NextSymbol {
 public:
  constexpr explicit NextFunction(const char* function) : NextSymbol{function, nullptr} {}
  /// Null where libc is older than the function.
  Function* operator*() noexcept { return reinterpret_cast<Function*>(look_up()); }
};

/// All of them, so that none is looked up where that may not be: in a signal handler, or in a child forked from a
/// process of many threads. When the probe is loaded.
void look_up_next_functions() noexcept;

}  // namespace soak::probe

/// SOAK_NEXT(int(int), close) defines next_close. All lie in one section, which is how they are found.
#define SOAK_NEXT(type, function)                                                                          \
  namespace {                                                                                              \
  __attribute__((section("soak_next"), used)) constinit ::soak::probe::NextFunction<type> next_##function( \
      #function);                                                                                          \
  }

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))
