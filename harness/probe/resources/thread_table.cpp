#include "probe/resources/thread_table.hpp"

#include "probe/sites/sites.hpp"

namespace soak::probe {

StartedThread* ThreadTable::about_to_start(std::uint32_t site, bool is_detached) noexcept {
  for (std::uint32_t i = 0; i < capacity; ++i) {
    auto& thread = threads_[i];
    std::uint32_t free = 0;
    if (thread.state.load(std::memory_order_relaxed) != 0 ||
        !thread.state.compare_exchange_strong(free, is_taken | (is_detached ? is_let_go : 0u)))
      continue;
    auto end = end_.load();
    while (i >= end && !end_.compare_exchange_weak(end, i + 1)) {
    }
    thread.site = site;
    count_resource(site, 1, 0);
    running_.fetch_add(1, std::memory_order_relaxed);
    return &thread;
  }
  return nullptr;
}

void ThreadTable::not_started(StartedThread& thread) noexcept {
  running_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(thread.site, -1, 0);
  thread.state.store(0, std::memory_order_release);
}

/// Ending and being let go come in either order; the second of them is the end of the entry.
void ThreadTable::add_state(StartedThread& thread, std::uint32_t bit) noexcept {
  if ((thread.state.fetch_or(bit, std::memory_order_acq_rel) | bit) != (is_taken | has_ended | is_let_go)) return;
  count_resource(thread.site, 0, 1);
  thread.thread.store(0, std::memory_order_relaxed);
  thread.state.store(0, std::memory_order_release);
}

StartedThread* ThreadTable::find(pthread_t wanted) noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i)
    if (threads_[i].thread.load(std::memory_order_acquire) == wanted &&
        (threads_[i].state.load() & (is_taken | is_let_go)) == is_taken)
      return &threads_[i];
  return nullptr;
}

void ThreadTable::ended(StartedThread& thread) noexcept {
  running_.fetch_sub(1, std::memory_order_relaxed);
  add_state(thread, has_ended);
}

}  // namespace soak::probe
