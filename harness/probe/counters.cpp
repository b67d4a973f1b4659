#include "probe/counters.hpp"

#include <pthread.h>
#include <unistd.h>

namespace soak::probe {

constinit WipedOnFork attached{};
constinit thread_local ThreadSlot* own_slot = nullptr;

namespace {

/// Set when the thread's slot was handed back: what its last destructors still allocate goes to the overflow slot.
constinit thread_local bool torn_down = false;
constinit pthread_key_t thread_end_key = 0;
constinit bool thread_ends_watched = false;
/// Before the region is there: constructors of libraries allocate before ours runs.
constinit ThreadSlot early;

void add_shared(ThreadSlot& slot, std::int64_t allocations, std::int64_t frees, std::int64_t bytes) noexcept {
  __atomic_fetch_add(&slot.allocations, allocations, __ATOMIC_RELAXED);
  __atomic_fetch_add(&slot.frees, frees, __ATOMIC_RELAXED);
  __atomic_fetch_add(&slot.live_bytes, bytes, __ATOMIC_RELAXED);
}

void lift_peak(RegionHeader& region, std::int64_t live_bytes) noexcept {
  auto peak = region.peak_bytes.load(std::memory_order_relaxed);
  while (live_bytes > peak && !region.peak_bytes.compare_exchange_weak(peak, live_bytes, std::memory_order_relaxed)) {
  }
}

ThreadSlot* take_free_slot(RegionHeader& region) noexcept {
  auto* const slots = section_begin<ThreadSlot>(region, SectionId::thread_slots);
  const auto tid = static_cast<std::int32_t>(gettid());
  for (std::uint32_t i = 0; i < thread_slot_capacity; ++i) {
    std::int32_t free = 0;
    if (slots[i].owner_tid.load(std::memory_order_relaxed) == 0 &&
        slots[i].owner_tid.compare_exchange_strong(free, tid, std::memory_order_acquire))
      return &slots[i];
  }
  return nullptr;
}

/// Runs after the thread's C++ thread_locals are gone; other keys' destructors may still allocate.
void hand_back_slot(void* value) noexcept {
  torn_down = true;
  own_slot = nullptr;
  static_cast<ThreadSlot*>(value)->owner_tid.store(0, std::memory_order_release);
}

}  // namespace

void watch_thread_ends() noexcept { thread_ends_watched = pthread_key_create(&thread_end_key, &hand_back_slot) == 0; }

void count_without_slot(std::int64_t allocations, std::int64_t frees, std::int64_t bytes) noexcept {
  RegionHeader* const region = attached.region;
  if (region == nullptr) {
    add_shared(early, allocations, frees, bytes);  // not attached yet, or a forked child's own copy: read by nobody
    return;
  }
  if (!torn_down && thread_ends_watched) own_slot = take_free_slot(*region);
  if (own_slot == nullptr) {
    add_shared(region->overflow, allocations, frees, bytes);
    lift_peak(*region, region->published_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes);
    return;
  }
  // Set before pthread_setspecific, which may allocate and come back here.
  pthread_setspecific(thread_end_key, own_slot);
  count(allocations, frees, bytes);
}

void publish(RegionHeader& region, ThreadSlot& slot) noexcept {
  const auto step = slot.unpublished_bytes;
  add_single_writer(slot.unpublished_bytes, -step);
  lift_peak(region, region.published_bytes.fetch_add(step, std::memory_order_relaxed) + step);
}

HeapTotals read_heap(RegionHeader& region) noexcept {
  HeapTotals totals;
  const auto add = [&totals](const ThreadSlot& slot) {
    totals.allocations += __atomic_load_n(&slot.allocations, __ATOMIC_RELAXED);
    totals.frees += __atomic_load_n(&slot.frees, __ATOMIC_RELAXED);
    totals.bytes += __atomic_load_n(&slot.live_bytes, __ATOMIC_RELAXED);
  };
  add(region.overflow);
  const auto* const slots = section_begin<ThreadSlot>(region, SectionId::thread_slots);
  for (std::uint32_t i = 0; i < thread_slot_capacity; ++i) add(slots[i]);
  totals.blocks = totals.allocations - totals.frees;
  lift_peak(region, totals.bytes);
  totals.peak_bytes = region.peak_bytes.load(std::memory_order_relaxed);
  return totals;
}

void move_early_counts(RegionHeader& region) noexcept {
  add_shared(region.overflow, early.allocations, early.frees, early.live_bytes);
  lift_peak(region, region.published_bytes.fetch_add(early.live_bytes, std::memory_order_relaxed) + early.live_bytes);
}

}  // namespace soak::probe
