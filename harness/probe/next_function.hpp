// The function that the program would have called without us.
#pragma once

#include <dlfcn.h>

#include <atomic>

namespace soak::probe {

/// Looked up by name once, at the first use.
template <typename Function>
class NextFunction {
 public:
  constexpr explicit NextFunction(const char* name) : name_(name) {}
  Function* operator*() noexcept {
    auto* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) function_.store(function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_)));
    return function;
  }

 private:
  const char* name_;
  std::atomic<Function*> function_{nullptr};
};

}  // namespace soak::probe
