// What attribution keeps, and the usual case of it: a block of glibc's heap, allocated at a stack seen lately by a
// thread with counters of its own. All that is rare is left to sites.cpp.
#pragma once

#include "probe/next_allocator.hpp"
#include "probe/sites/recent_stacks.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/sites/site_table.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

/// What belongs to a thread slot, and is used by its thread alone.
struct alignas(4096) ThreadSites {
  ThreadSlot* slot;
  SiteCounters* counters;
  RecentStacks recent;
  StackMemory memory;
};

/// All of it, in memory of its own: zero from the start, and pages only where something is.
struct CallSites {
  RegionHeader* region;
  ThreadSlot* slots;
  SiteCounters* counters;
  RuleCache rules;
  SiteTable table;
  Shadow shadow;
  ThreadSites threads[thread_slot_capacity];
  /// For threads without a slot, and for signal handlers that interrupted this very code.
  alignas(4096) StackMemory spare;
  std::atomic_flag is_spare_in_use;
};

/// For every state of the process and the thread, and every kind of block.
void* keep_rare_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept;
TakenBlock take_rare_block(void* block) noexcept;
/// By a walk, where the stack is not among the recent ones.
std::uint32_t site_by_walk(CallSites& sites, ThreadSites& own, const Registers& caller, SiteKind kind) noexcept;

namespace usual {

/// Null where the case is not the usual one.
inline ShadowEntry* shadow_entry(CallSites* sites, const ThreadSites* own, const void* block) noexcept {
  if (sites == nullptr || own == nullptr || block == nullptr || !is_small_chunk(block)) [[unlikely]]
    return nullptr;
  return sites->shadow.known_entry_for(block);
}

inline std::uint32_t site_of(CallSites& sites, ThreadSites& own, const Registers& caller) noexcept {
  if (own.memory.generation == code_generation.load(std::memory_order_relaxed)) [[likely]]
    if (const auto site = own.recent.find(caller)) [[likely]]
      return site;
  return site_by_walk(sites, own, caller, SiteKind::heap);
}

inline void count_in_slot(ThreadSlot& slot, std::int64_t& events, std::int64_t bytes) noexcept {
  add_single_writer(events, 1);
  if (add_small(slot, bytes)) [[unlikely]]
    carry(*attached.region, slot, bytes);
}

}  // namespace usual

/// See keep_allocation and take_block. In place, for the hooks that most allocations come through.
inline void* keep_usual_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  auto* const own = own_sites;
  auto* const place = usual::shadow_entry(sites, own, block);
  if (place == nullptr) [[unlikely]]
    return keep_rare_allocation(block, asked_bytes, caller);
  const auto usable = plain_chunk_bytes(block);
  const auto slack = usable - asked_bytes;
  const auto site = usual::site_of(*sites, *own, caller);
  *place = ShadowEntry::of(site, slack);
  usual::count_in_slot(*own->slot, own->slot->allocations, static_cast<std::int64_t>(usable));
  auto& counters = own->counters[site];
  add_single_writer(counters.allocations, 1);
  add_single_writer(counters.allocated_bytes, static_cast<std::int64_t>(usable));
  add_single_writer(counters.live_slack_bytes, static_cast<std::int64_t>(slack));
  return block;
}

inline TakenBlock take_usual_block(void* block) noexcept {
  auto* const own = own_sites;
  auto* const place = usual::shadow_entry(attached.sites, own, block);
  const auto entry = place == nullptr ? ShadowEntry{} : *place;
  if (entry.bits == 0) [[unlikely]]
    return take_rare_block(block);
  *place = {};
  const auto usable = plain_chunk_bytes(block);
  usual::count_in_slot(*own->slot, own->slot->frees, -static_cast<std::int64_t>(usable));
  auto& counters = own->counters[entry.site()];
  add_single_writer(counters.frees, 1);
  add_single_writer(counters.freed_bytes, static_cast<std::int64_t>(usable));
  add_single_writer(counters.live_slack_bytes, -std::int64_t{entry.slack()});
  return {usable, entry.bits};
}

}  // namespace soak::probe
