// Exact heap counters: one slot a thread, written without locks by its thread alone.
//
// A free may come from another thread than its allocation, so a slot by itself may be negative; only the sum means
// something. Counting costs two additions to memory that the thread owns, a compare and branches never taken.
#pragma once

#include "probe/region.hpp"

namespace soak::probe {

struct CallSites;

/// Lies alone in a page that the kernel wipes in a forked child (MADV_WIPEONFORK), whether by fork, clone or a raw
/// system call. A child finds null and counts nothing into its parent's region; a vfork child shares its parent's
/// memory and counts for it, as it should.
struct alignas(4096) WipedOnFork {
  RegionHeader* region;
  /// The hooks' one question: there is a region, and glibc underneath, whose blocks tell their own size.
  bool may_count_chunks;
  /// Not null where every allocation is attributed to its call stack: SOAK_PROBE=sites.
  CallSites* sites;
};
extern WipedOnFork attached;

/// The slot of this thread; null until its first allocation, and again once the thread is being torn down.
/// constinit here as well: without it every use would first call an initialiser that might be.
extern constinit thread_local ThreadSlot* own_slot;

/// Adds in one instruction where the machine can, so that a signal handler that allocates between load and store
/// loses nothing. Only the slot's thread may call it; readers may run at the same time.
inline void add_single_writer(std::int64_t& counter, std::int64_t amount) noexcept {
#if defined(__x86_64__)
  asm volatile("addq %1, %0" : "+m"(counter) : "er"(amount) : "cc");
#else
  __atomic_store_n(&counter, __atomic_load_n(&counter, __ATOMIC_RELAXED) + amount, __ATOMIC_RELAXED);
#endif
}

/// The process-wide sum is told of a slot's bytes in steps; true when the next step is due.
inline bool is_publishing_due(const ThreadSlot& slot) noexcept {
  const auto unpublished = slot.live_bytes - slot.published_bytes;
  return static_cast<std::uint64_t>(unpublished + peak_step_bytes) > 2 * peak_step_bytes;
}
/// Brings the process-wide sum up to date with the slot, and lifts the peak.
void publish(RegionHeader& region, ThreadSlot& slot) noexcept;

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
HeapTotals read_heap(RegionHeader& region) noexcept;

/// Lets a thread's slot go when the thread ends. Called once, before the first thread is created.
void watch_thread_ends() noexcept;
/// What was counted before the region was there goes into it; null where there will be none, and nothing is counted
/// any more.
void end_early_counting(RegionHeader* region) noexcept;

}  // namespace soak::probe
