// Which call site opened the descriptor of each number.
//
// The kernel gives numbers out anew as soon as they are closed, and a program may close without our seeing it: by a
// system call of its own, or inside libc. So an entry that stands where a number is given out was closed behind our
// back, and at each reading the kernel is asked for every number that is kept.
#pragma once

#include <atomic>
#include <cstdint>

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

}  // namespace soak::probe
