// Which call site started each thread that is still there: running, or ended and neither joined nor detached.
#pragma once

#include <pthread.h>
#include <threads.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// One thread, from before it is created until it has ended and somebody let it go.
struct StartedThread {
  std::atomic<std::uint32_t> state;  ///< Bits of ThreadTable; 0: free to take.
  std::uint32_t site;
  std::atomic<pthread_t> thread;  ///< 0 until known.
  union {
    void* (*routine)(void*);
    thrd_start_t c_routine;
  };
  void* argument;
};

/// Zero-initialised memory is an empty table. Without locks.
class ThreadTable {
 public:
  /// Counts a thread that is about to be created; null where there is no room.
  StartedThread* about_to_start(std::uint32_t site, bool is_detached) noexcept;
  /// It was not created after all.
  void not_started(StartedThread& thread) noexcept;
  /// The one of this number that nobody let go yet; null where it is not known.
  [[nodiscard]] StartedThread* find(pthread_t thread) noexcept;
  /// Joined or detached.
  void let_go(StartedThread& thread) noexcept { add_state(thread, is_let_go); }
  /// Called by the thread itself, at its end.
  void ended(StartedThread& thread) noexcept;
  /// Of those that are known.
  [[nodiscard]] std::int64_t running() const noexcept { return running_.load(std::memory_order_relaxed); }

 private:
  static constexpr std::uint32_t capacity = 16 * 1024;
  enum : std::uint32_t { is_taken = 1, has_ended = 2, is_let_go = 4 };

  void add_state(StartedThread& thread, std::uint32_t bit) noexcept;

  std::atomic<std::uint32_t> end_;  ///< Above the last entry ever taken.
  std::atomic<std::int64_t> running_;
  StartedThread threads_[capacity];
};

}  // namespace soak::probe
