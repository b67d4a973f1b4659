// Which call site started each child process that runs or was not waited for.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>

namespace soak::probe {

/// Zero-initialised memory is an empty table. Without locks.
class ChildTable {
 public:
  /// False where there is no room.
  bool started(pid_t child, std::uint32_t site) noexcept { return add(static_cast<Key>(child), site); }
  void waited_for(pid_t child) noexcept { remove(static_cast<Key>(child)); }
  /// popen and pclose keep the child's number to themselves: known by its stream.
  bool started_behind(const void* stream, std::uint32_t site) noexcept { return add(key_of(stream), site); }
  void closed(const void* stream) noexcept { remove(key_of(stream)); }
  /// Lets go those that the kernel does not have any more: SIGCHLD was ignored, or they were waited for by a system
  /// call of the program's own.
  void let_go_ended() noexcept;
  [[nodiscard]] std::int64_t count() const noexcept { return count_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t capacity = 16 * 1024;
  using Key = std::uint64_t;
  static constexpr Key stream_flag = Key{1} << 63, being_added = Key{1} << 62;
  static Key key_of(const void* stream) noexcept { return reinterpret_cast<Key>(stream) | stream_flag; }

  struct Child {
    std::atomic<Key> key;  ///< 0: free to take.
    std::atomic<std::uint32_t> site;
  };
  bool add(Key key, std::uint32_t site) noexcept;
  void remove(Key key) noexcept;
  void let_go(Child& child, Key key) noexcept;

  std::atomic<std::uint32_t> end_;  ///< Above the last entry ever taken.
  std::atomic<std::int64_t> count_;
  Child children_[capacity];
};

}  // namespace soak::probe
