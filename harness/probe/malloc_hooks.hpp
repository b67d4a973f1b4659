// Counting as it nearly always goes: glibc is underneath, the thread has a slot, the block is small. In place in
// every hook that most allocations come through; what is rare is a tail call to a function marked so.
//
// A free is counted before it happens: afterwards the block may already be another thread's.
#pragma once

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"

#define SOAK_RARE __attribute__((noinline, cold))

namespace soak::probe {

/// For every state of the process and the thread, and every kind of block; null allowed.
void* count_rare_allocation(void* block) noexcept;
void free_rare_block(void* block) noexcept;
/// The end of counting where the short counter overflowed.
void* carry_allocation(void* block, layout::ThreadSlot* slot, std::int64_t bytes) noexcept;
void carry_and_free(void* block, layout::ThreadSlot* slot, std::int64_t bytes) noexcept;

/// Null where counting takes more than adding up: see count().
inline layout::ThreadSlot* slot_for_chunks() noexcept {
  return reinterpret_cast<layout::ThreadSlot*>(reinterpret_cast<std::uintptr_t>(own_slot) &
                                               attached.may_count_chunks);
}

/// Counts a block that the allocator underneath just returned, null included, and returns it, or what `count_rarely`
/// makes of it, which is handed `more` as well.
template <typename... More>
[[gnu::always_inline]] inline void* counted_or(void* (*count_rarely)(void*, More...), void* block, More... more) {
  layout::ThreadSlot* const slot = slot_for_chunks();
  if (slot == nullptr || block == nullptr || !is_small_chunk(block)) [[unlikely]]
    return count_rarely(block, more...);
  const auto bytes = static_cast<std::int64_t>(plain_chunk_bytes(block));
  add_single_writer(slot->allocations, 1);
  if (add_small(*slot, bytes)) [[unlikely]]
    return carry_allocation(block, slot, bytes);
  return block;
}

inline void* counted(void* block) noexcept { return counted_or(&count_rare_allocation, block); }

[[gnu::always_inline]] inline void free_counted_or(void (*free_rarely)(void*), void* block) noexcept {
  layout::ThreadSlot* const slot = slot_for_chunks();
  if (slot == nullptr || block == nullptr || !is_small_chunk(block)) [[unlikely]]
    return free_rarely(block);
  const auto bytes = static_cast<std::int64_t>(plain_chunk_bytes(block));
  add_single_writer(slot->frees, 1);
  if (take_small(*slot, bytes)) [[unlikely]]
    return carry_and_free(block, slot, bytes);
  next.free(block);
}

}  // namespace soak::probe
