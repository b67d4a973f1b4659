// What attribution keeps, and the usual case of it: a block of glibc's heap, allocated at a stack seen lately by a
// thread with counters of its own. All that is rare is left to sites.cpp.
#pragma once

#include "probe/malloc_hooks.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/sites/site_table.hpp"
#include "probe/sites/sites.hpp"
#include "probe/sites/unwinder.hpp"

namespace soak::probe {

/// What belongs to a thread slot, and is used by its thread alone.
struct alignas(4096) ThreadSites {
  Shadow* shadow;
  layout::ThreadSlot* slot;
  layout::SiteCounters* counters;
  RecentStacks recent;
  StackMemory memory;
};

/// All of it, in memory of its own: zero from the start, and pages only where something is.
struct CallSites {
  layout::RegionHeader* region;
  layout::ThreadSlot* slots;
  layout::SiteCounters* counters;
  RuleCache rules;
  SiteTable table;
  Shadow shadow;
  ThreadSites threads[layout::thread_slot_capacity];
  /// For threads without a slot, and for signal handlers that interrupted this very code.
  alignas(4096) StackMemory spare;
  std::atomic_flag is_spare_in_use;
};

/// The caller's registers one by one, so that a call of these can be a hook's last. The first is for stacks that were
/// not the last of their set, the second for every state of the process and the thread, and every kind of block.
void* keep_by_second_look(void* block, std::size_t asked_bytes, std::uint64_t pc, std::uint64_t sp, std::uint64_t fp,
                          std::uint64_t slot) noexcept;
void* keep_rare_allocation(void* block, std::size_t asked_bytes, std::uint64_t pc, std::uint64_t sp, std::uint64_t fp,
                           std::uint64_t slot) noexcept;
TakenBlock take_rare_block(void* block) noexcept;
void free_rare_block_at_site(void* block) noexcept;

namespace usual {

/// What the thread has for sites; null where the case is not the usual one.
[[gnu::always_inline]] inline ThreadSites* sites_for(const void* block) noexcept {
  auto* const own =
      reinterpret_cast<ThreadSites*>(reinterpret_cast<std::uintptr_t>(own_sites) & attached.may_keep_sites);
  return own != nullptr && block != nullptr && is_small_chunk(block) ? own : nullptr;
}

[[gnu::always_inline]] inline bool is_code_the_same(const ThreadSites& own) noexcept {
  return own.memory.generation == code_generation.load(std::memory_order_relaxed);
}

/// What the allocator holds for a small chunk, taken out of the shadow and off its site's live blocks.
[[gnu::always_inline]] inline std::int64_t take(ShadowEntry& place, const ThreadSites& own,
                                                const void* block) noexcept {
  const auto entry = place;
  place = {};
  const auto usable = static_cast<std::int64_t>(plain_chunk_bytes(block));
  auto& counters = own.counters[entry.site()];
  add_single_writer(counters.frees, 1);
  add_single_writer(counters.freed_bytes, usable);
  add_single_writer(counters.live_slack_bytes, -std::int64_t{entry.slack()});
  add_single_writer(own.slot->frees, 1);
  return usable;
}

/// The stack is known: site is not 0. False where there is no room in the shadow yet.
[[gnu::always_inline]] inline bool keep(void* block, std::size_t asked_bytes, const ThreadSites& own,
                                        std::uint32_t site) noexcept {
  auto* const place = own.shadow->known_entry_for(block);
  if (place == nullptr) [[unlikely]]
    return false;
  const auto usable = plain_chunk_bytes(block);
  const auto slack = usable - asked_bytes;
  *place = ShadowEntry::of_small(site, slack);
  auto& counters = own.counters[site];
  add_single_writer(counters.allocations, 1);
  add_single_writer(counters.allocated_bytes, static_cast<std::int64_t>(usable));
  add_single_writer(counters.live_slack_bytes, static_cast<std::int64_t>(slack));
  return true;
}

/// Last of all, as it may be a tail call.
[[gnu::always_inline]] inline void* counted_in_slot(void* block, layout::ThreadSlot* slot) noexcept {
  const auto bytes = static_cast<std::int64_t>(plain_chunk_bytes(block));
  add_single_writer(slot->allocations, 1);
  if (add_small(*slot, bytes)) [[unlikely]]
    return carry_allocation(block, slot, bytes);
  return block;
}

}  // namespace usual

/// See keep_allocation; `frame` and `cfa` are the hook's. In place, for the hooks that most allocations come through;
/// what is rarer is a tail call, so that no register need be saved for it.
[[gnu::always_inline]] inline void* keep_usual_allocation(void* block, std::size_t asked_bytes, const void* frame,
                                                          const void* cfa) noexcept {
  auto* const own = usual::sites_for(block);
  if (own != nullptr && usual::is_code_the_same(*own)) [[likely]]
    if (const auto site = own->recent.find_first(caller_of(frame, cfa))) [[likely]]
      if (usual::keep(block, asked_bytes, *own, site)) [[likely]]
        return usual::counted_in_slot(block, own->slot);
  // Read once more, so that it need not be kept in registers until here.
  const void* same_frame = frame;
  asm volatile("" : "+r"(same_frame) : : "memory");
  const auto caller = caller_of(same_frame, cfa);
  return keep_by_second_look(block, asked_bytes, caller.pc, caller.sp, caller.fp, caller.slot);
}

[[gnu::always_inline]] inline void free_usual_block(void* block) noexcept {
  const auto* const own = usual::sites_for(block);
  if (own == nullptr) [[unlikely]]
    return free_rare_block_at_site(block);
  auto* const place = own->shadow->known_entry_for(block);
  if (place == nullptr || place->bits == 0) [[unlikely]]
    return free_rare_block_at_site(block);
  const auto bytes = usual::take(*place, *own, block);
  if (take_small(*own->slot, bytes)) [[unlikely]]
    return carry_and_free(block, own->slot, bytes);
  next.free(block);
}

// Where a thread counts for the sites that it allocates at.

/// The counters that a thread adds to: its own table's, or one shared with others.
struct Table {
  layout::SiteCounters* sites;
  bool is_shared;

  void add(std::uint32_t site, std::int64_t allocations, std::int64_t frees, std::int64_t bytes,
           std::int64_t slack) const noexcept;
};

inline void add(std::int64_t& counter, std::int64_t amount, bool is_shared) noexcept {
  if (is_shared) [[unlikely]]
    __atomic_fetch_add(&counter, amount, __ATOMIC_RELAXED);
  else
    add_single_writer(counter, amount);
}

/// `slot` is null where the thread has none.
inline Table table_of(CallSites& sites, const layout::ThreadSlot* slot) noexcept {
  constexpr std::uint32_t shared = layout::site_table_count - 1;
  const auto index = slot == nullptr ? shared : static_cast<std::uint64_t>(slot - sites.slots);
  const auto number = index < shared ? index : shared;
  return {sites.counters + number * layout::site_capacity, number == shared};
}

inline void Table::add(std::uint32_t site, std::int64_t allocations, std::int64_t frees, std::int64_t bytes,
                       std::int64_t slack) const noexcept {
  auto& counters = sites[site];
  if (allocations != 0) {
    probe::add(counters.allocations, allocations, is_shared);
    probe::add(counters.allocated_bytes, allocations * bytes, is_shared);
  }
  if (frees != 0) {
    probe::add(counters.frees, frees, is_shared);
    probe::add(counters.freed_bytes, frees * bytes, is_shared);
  }
  if (slack != 0) probe::add(counters.live_slack_bytes, slack, is_shared);
}

// From where a thread is to the number of its stack, when that is not one of those it had lately.

/// The site of the stack that `caller` is on; the unknown site where that cannot be told. Afterwards own_sites is
/// set, if the thread has a slot and counters of its own.
[[nodiscard]] std::uint32_t find_site(CallSites& sites, const Registers& caller, layout::SiteKind kind) noexcept;

}  // namespace soak::probe
