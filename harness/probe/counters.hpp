// Exact heap counters: one slot a thread, written without locks by its thread alone.
//
// A free may come from another thread than its allocation, so a slot by itself may be negative; only the sum means
// something. Counting costs two additions to memory that the thread owns and branches never taken.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

struct CallSites;
struct ThreadSites;

/// Lies alone in a page that the kernel wipes in a forked child (MADV_WIPEONFORK), whether by fork, clone or a raw
/// system call. A child finds null and counts nothing into its parent's region; a vfork child shares its parent's
/// memory and counts for it, as it should.
struct alignas(4096) WipedOnFork {
  layout::RegionHeader* region;
  /// All ones where the hooks may count for themselves: there is a region, all of malloc runs through us, glibc is
  /// underneath, whose blocks tell their own size, and call sites are off. A mask, so that this and whether the
  /// thread has a slot are one question.
  std::uintptr_t may_count_chunks;
  /// Not null where every allocation is attributed to its call stack: SOAK_PROBE=sites.
  CallSites* sites;
  /// All ones where that is so: a mask as may_count_chunks is, for own_sites.
  std::uintptr_t may_keep_sites;
};
/// Hidden here as well: read in place, where an address from a table would have to be kept in a saved register.
extern __attribute__((visibility("hidden"))) WipedOnFork attached;

/// The slot of this thread; null until its first allocation, and again once the thread is being torn down.
/// constinit here as well: without it every use would first call an initialiser that might be.
extern constinit thread_local layout::ThreadSlot* own_slot;
/// What the thread's slot has for call sites; null where they are off, or for this thread not ready yet.
extern constinit thread_local ThreadSites* own_sites;

/// Adds in one instruction where the machine can, so that a signal handler that allocates between load and store
/// loses nothing. Only the slot's thread may call it; readers may run at the same time.
inline void add_single_writer(std::int64_t& counter, std::int64_t amount) noexcept {
#if defined(__x86_64__)
  asm volatile("addq %1, %0" : "+m"(counter) : "er"(amount) : "cc");
#else
  __atomic_store_n(&counter, __atomic_load_n(&counter, __ATOMIC_RELAXED) + amount, __ATOMIC_RELAXED);
#endif
}

/// Blocks of less than this many bytes fit ThreadSlot::uncarried_bytes.
inline constexpr std::int64_t small_bytes_limit = 32 * 1024;

/// Adds to the short counter; true where it overflowed, and carry() has to be called. Precondition: |bytes| <
/// small_bytes_limit. The machine's overflow flag is the whole test of whether a step is due, up or down.
inline bool add_small(layout::ThreadSlot& slot, std::int64_t bytes) noexcept {
#if defined(__x86_64__)
  bool overflowed;
  asm volatile("addw %w2, %0" : "+m"(slot.uncarried_bytes), "=@cco"(overflowed) : "r"(bytes));
  return overflowed;
#else
  std::int16_t sum = 0;
  const auto before = __atomic_load_n(&slot.uncarried_bytes, __ATOMIC_RELAXED);
  const bool overflowed = __builtin_add_overflow(before, static_cast<std::int16_t>(bytes), &sum);
  __atomic_store_n(&slot.uncarried_bytes, sum, __ATOMIC_RELAXED);
  return overflowed;
#endif
}
/// The same, with bytes taken off.
inline bool take_small(layout::ThreadSlot& slot, std::int64_t bytes) noexcept {
#if defined(__x86_64__)
  bool overflowed;
  asm volatile("subw %w2, %0" : "+m"(slot.uncarried_bytes), "=@cco"(overflowed) : "r"(bytes));
  return overflowed;
#else
  return add_small(slot, -bytes);
#endif
}
/// Takes a step from the short counter, which `bytes` overflowed, to the long one, and lifts the peak.
void carry(layout::RegionHeader& region, layout::ThreadSlot& slot, std::int64_t bytes) noexcept;

/// For every state of the process and the thread: before the region is there, in a forked child, with a slot, without
/// one.
void count(std::int64_t allocations, std::int64_t frees, std::int64_t bytes) noexcept;

inline void count_allocation(std::size_t bytes) noexcept { count(1, 0, static_cast<std::int64_t>(bytes)); }
inline void count_free(std::size_t bytes) noexcept { count(0, 1, -static_cast<std::int64_t>(bytes)); }
/// The block was not freed after all: a realloc that failed.
inline void take_back_free(std::size_t bytes) noexcept { count(0, -1, static_cast<std::int64_t>(bytes)); }

struct HeapTotals {
  std::int64_t bytes = 0, blocks = 0, allocations = 0, frees = 0, peak_bytes = 0;
};
/// Sums all slots. Exact for threads that stand still; those that allocate meanwhile are caught in mid-step. Also
/// lifts the peak to at least what it found.
HeapTotals read_heap(layout::RegionHeader& region) noexcept;

/// Lets a thread's slot go when the thread ends. Called once, before the first thread is created.
void watch_thread_ends() noexcept;
/// What was counted before the region was there goes into it; null where there will be none, and nothing is counted
/// any more.
void end_early_counting(layout::RegionHeader* region) noexcept;

// What the region itself has to say in a reading.

/// Live bytes and blocks, allocations, frees, peak, joinable threads; left absent where malloc does not run through
/// the probe.
void read_heap_figures(layout::Reading& reading, layout::RegionHeader& region) noexcept;

/// What the process would hold without us is the rest.
void take_off_probe_memory(layout::Reading& reading, const layout::RegionHeader& region) noexcept;

}  // namespace soak::probe
