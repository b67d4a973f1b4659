// Which call site opened the descriptor of each number.
//
// The kernel gives numbers out anew as soon as they are closed, and a program may close without our seeing it: by a
// system call of its own, or inside libc. So an entry that stands where a number is given out was closed behind our
// back, and at each reading the kernel is asked for every number that is kept.
#pragma once

#include <atomic>
#include <cstdint>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"
#include "probe/sites/machine.hpp"

namespace soak::probe {

/// Zero-initialised memory is an empty table. Without locks; threads and signal handlers may call at any time.
class DescriptorTable {
 public:
  /// False where the number is too high to be kept: then it is nobody's.
  bool opened(int descriptor, std::uint32_t site) noexcept;
  /// Before it is closed: afterwards the number may be another's.
  void closed(int descriptor) noexcept;
  /// Lets go those from `first` to `last` that the kernel says are not open.
  void let_go_closed(unsigned first, unsigned last) noexcept;
  void let_go_closed() noexcept { let_go_closed(0, capacity - 1); }
  [[nodiscard]] std::int64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  static constexpr unsigned capacity = 64 * 1024;

  /// A site's number, and above it one that every opening has for its own: an entry that was looked at and then
  /// replaced is told from the old one.
  using Entry = std::uint64_t;
  void replace(unsigned descriptor, Entry entry) noexcept;
  void let_go(Entry entry) noexcept;

  std::atomic<Entry> entries_[capacity];
  std::atomic<std::uint32_t> end_;  ///< Above the highest number ever kept.
  std::atomic<std::uint32_t> openings_;
  std::atomic<std::int64_t> count_;
};

// What the hooks of functions that open and close descriptors have in common. Where call sites are off they pass the
// call on, and that is all.

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
