#include "probe/resources/child_table.hpp"

#include "probe/own_calls.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

bool ChildTable::add(Key key, std::uint32_t site) noexcept {
  remove(key);  // The number was given out again: its last child is gone.
  for (std::uint32_t i = 0; i < capacity; ++i) {
    auto& child = children_[i];
    Key free = 0;
    if (child.key.load(std::memory_order_relaxed) != 0 || !child.key.compare_exchange_strong(free, being_added))
      continue;
    child.site.store(site, std::memory_order_relaxed);
    // The key comes last: another thread may have waited for the child already.
    child.key.store(key, std::memory_order_release);
    auto end = end_.load();
    while (i >= end && !end_.compare_exchange_weak(end, i + 1)) {
    }
    count_.fetch_add(1, std::memory_order_relaxed);
    count_resource(site, 1, 0);
    return true;
  }
  return false;
}

void ChildTable::let_go(Child& child, Key key) noexcept {
  const auto site = child.site.load(std::memory_order_acquire);
  if (!child.key.compare_exchange_strong(key, 0)) return;
  count_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(site, 0, 1);
}

void ChildTable::remove(Key key) noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i)
    if (children_[i].key.load(std::memory_order_acquire) == key) let_go(children_[i], key);
}

void ChildTable::let_go_ended() noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i) {
    const auto key = children_[i].key.load(std::memory_order_acquire);
    if (key != 0 && (key & (stream_flag | being_added)) == 0 && !own::is_child(static_cast<pid_t>(key)))
      let_go(children_[i], key);
  }
}

}  // namespace soak::probe
