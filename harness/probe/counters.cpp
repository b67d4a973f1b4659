#include "probe/counters.hpp"

#include <pthread.h>
#include <unistd.h>

#include <initializer_list>

#include "probe/resources/resources.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/types/vtable_scan.hpp"

namespace soak::probe {

constinit WipedOnFork attached{};
constinit thread_local layout::ThreadSlot* own_slot = nullptr;
constinit thread_local ThreadSites* own_sites = nullptr;

namespace {

/// Set when the thread's slot was handed back, for what its last destructors still allocate, and where there was no
/// slot left: it counts into the overflow slot.
constinit thread_local bool goes_without_slot = false;
constinit pthread_key_t thread_end_key = 0;
constinit bool thread_ends_watched = false;
/// Before the region is there: constructors of libraries allocate before ours runs.
constinit layout::ThreadSlot early;
/// Stays false in a forked child, which finds no region either: there, nobody reads what would be counted.
constinit bool is_early = true;

void add_shared(layout::ThreadSlot& slot, std::int64_t allocations, std::int64_t frees, std::int64_t bytes) noexcept {
  __atomic_fetch_add(&slot.allocations, allocations, __ATOMIC_RELAXED);
  __atomic_fetch_add(&slot.frees, frees, __ATOMIC_RELAXED);
  __atomic_fetch_add(&slot.live_bytes, bytes, __ATOMIC_RELAXED);
}

void lift_peak(layout::RegionHeader& region, std::int64_t live_bytes) noexcept {
  auto peak = region.peak_bytes.load(std::memory_order_relaxed);
  while (live_bytes > peak && !region.peak_bytes.compare_exchange_weak(peak, live_bytes, std::memory_order_relaxed)) {
  }
}

void add_carried(layout::RegionHeader& region, std::int64_t bytes) noexcept {
  lift_peak(region, region.carried_bytes.fetch_add(bytes, std::memory_order_relaxed) + bytes);
}

void add_to_slot(layout::RegionHeader& region, layout::ThreadSlot& slot, std::int64_t allocations, std::int64_t frees,
                 std::int64_t bytes) noexcept {
  if (allocations != 0) add_single_writer(slot.allocations, allocations);
  if (frees != 0) add_single_writer(slot.frees, frees);
  if (bytes > -small_bytes_limit && bytes < small_bytes_limit) {
    if (add_small(slot, bytes)) carry(region, slot, bytes);
    return;
  }
  add_single_writer(slot.live_bytes, bytes);
  add_carried(region, bytes);
}

layout::ThreadSlot* take_free_slot(layout::RegionHeader& region) noexcept {
  auto* const slots = layout::section_begin<layout::ThreadSlot>(region, layout::SectionId::thread_slots);
  const auto tid = static_cast<std::int32_t>(gettid());
  for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i) {
    std::int32_t free = 0;
    if (slots[i].owner_tid.load(std::memory_order_relaxed) == 0 &&
        slots[i].owner_tid.compare_exchange_strong(free, tid, std::memory_order_acquire))
      return &slots[i];
  }
  return nullptr;
}

/// Runs after the thread's C++ thread_locals are gone; other keys' destructors may still allocate. A forked
/// child has no part in its parent's slots.
void hand_back_slot(void* value) noexcept {
  goes_without_slot = true;
  own_slot = nullptr;
  own_sites = nullptr;
  if (attached.region != nullptr)
    static_cast<layout::ThreadSlot*>(value)->owner_tid.store(0, std::memory_order_release);
}

/// The thread's slot from now on; null where it has to go without one, for good.
layout::ThreadSlot* give_slot(layout::RegionHeader& region) noexcept {
  if (goes_without_slot || !thread_ends_watched) return nullptr;
  own_slot = take_free_slot(region);
  goes_without_slot = own_slot == nullptr;
  // After own_slot is set: pthread_setspecific may allocate, and come back here.
  if (own_slot != nullptr) pthread_setspecific(thread_end_key, own_slot);
  return own_slot;
}

}  // namespace

void watch_thread_ends() noexcept { thread_ends_watched = pthread_key_create(&thread_end_key, &hand_back_slot) == 0; }

void count(std::int64_t allocations, std::int64_t frees, std::int64_t bytes) noexcept {
  layout::RegionHeader* const region = attached.region;
  if (region == nullptr) {
    if (is_early) add_shared(early, allocations, frees, bytes);
    return;
  }
  if (auto* const slot = own_slot != nullptr ? own_slot : give_slot(*region)) {
    add_to_slot(*region, *slot, allocations, frees, bytes);
  } else {
    add_shared(region->overflow, allocations, frees, bytes);
    add_carried(*region, bytes);
  }
}

void carry(layout::RegionHeader& region, layout::ThreadSlot& slot, std::int64_t bytes) noexcept {
  // An overflow up went from 32,767 to -32,768, which is 65,536 too low. Of these, half are carried, and half bring
  // the short counter from the edge back to the middle, where it does not overflow again at the next free. All are
  // additions: a signal handler in between that counts does no harm.
  const auto step = bytes > 0 ? layout::peak_step_bytes : -layout::peak_step_bytes;
  static_cast<void>(add_small(slot, step));
  add_single_writer(slot.live_bytes, step);
  add_carried(region, step);
}

HeapTotals read_heap(layout::RegionHeader& region) noexcept {
  HeapTotals totals;
  const auto add = [&totals](const layout::ThreadSlot& slot) {
    totals.allocations += __atomic_load_n(&slot.allocations, __ATOMIC_RELAXED);
    totals.frees += __atomic_load_n(&slot.frees, __ATOMIC_RELAXED);
    totals.bytes += __atomic_load_n(&slot.live_bytes, __ATOMIC_RELAXED) +
                    __atomic_load_n(&slot.uncarried_bytes, __ATOMIC_RELAXED);
  };
  add(region.overflow);
  const auto* const slots = layout::section_begin<layout::ThreadSlot>(region, layout::SectionId::thread_slots);
  for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i) add(slots[i]);
  totals.blocks = totals.allocations - totals.frees;
  lift_peak(region, totals.bytes);
  totals.peak_bytes = region.peak_bytes.load(std::memory_order_relaxed);
  return totals;
}

void end_early_counting(layout::RegionHeader* region) noexcept {
  is_early = false;
  if (region == nullptr) return;
  add_shared(region->overflow, early.allocations, early.frees, early.live_bytes);
  add_carried(*region, early.live_bytes);
}

void read_heap_figures(layout::Reading& reading, layout::RegionHeader& region) noexcept {
  if (region.heap_is_counted == 0) return;
  const auto heap = read_heap(region);
  reading.heap_bytes = heap.bytes - region.ignored_bytes.load(std::memory_order_relaxed);
  reading.heap_blocks = heap.blocks - region.ignored_blocks.load(std::memory_order_relaxed);
  reading.heap_peak_bytes = heap.peak_bytes;
  reading.allocations = heap.allocations;
  reading.frees = heap.frees;
  reading.joinable_threads = region.joinable_threads.load(std::memory_order_relaxed);
}

void take_off_probe_memory(layout::Reading& reading, const layout::RegionHeader& region) noexcept {
  const auto late = layout::late_part(region);
  auto mapped = static_cast<std::int64_t>(region.total_bytes);
  auto resident = static_cast<std::int64_t>(late.offset);
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  resident += present_bytes(reinterpret_cast<const std::byte*>(&region) + late.offset, late.bytes);
  for (const auto& own : {sites_memory(), resources_memory(), scan_memory()}) {
    resident += own.resident_bytes;
    mapped += own.virtual_bytes;
  }
#endif
  if (reading.virtual_bytes != layout::absent) reading.virtual_bytes -= mapped;
  for (auto* figure :
       {&reading.resident_bytes, &reading.peak_resident_bytes, &reading.proportional_bytes, &reading.unique_bytes})
    if (*figure != layout::absent) *figure -= resident;
}

}  // namespace soak::probe
