#include "probe/sites/sites.hpp"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <utility>

#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/resident.hpp"
#include "probe/sites/shadow.hpp"
#include "probe/sites/site_table.hpp"

namespace soak::probe {

constinit std::atomic<std::uint32_t> code_generation{0};

/// A thread's last stacks, one for each of a few classes of innermost frames: code that builds strings, nodes and
/// maps in turn comes back to each of its stacks soon.
struct alignas(4096) ThreadStacks {
  static constexpr unsigned class_bits = 5;
  StackMemory by_leaf[1 << class_bits];

  StackMemory& stack_for(const Registers& leaf) noexcept {
    return by_leaf[(leaf.pc ^ leaf.sp << 7) * 0x9e3779b97f4a7c15u >> (64 - class_bits)];
  }
};

/// All of it, in memory of its own: zero from the start, and pages only where something is.
struct CallSites {
  RegionHeader* region;
  ThreadSlot* slots;
  SiteCounters* counters;
  RuleCache rules;
  SiteTable table;
  Shadow shadow;
  ThreadStacks stacks[thread_slot_capacity];
  /// For threads without a slot, and for signal handlers that interrupted this very code.
  alignas(4096) StackMemory spare;
  std::atomic_flag is_spare_in_use;
};

namespace {

/// The counters that a thread adds to: its own table's, or one shared with others.
struct Table {
  SiteCounters* sites;
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
inline Table table_of(CallSites& sites, const ThreadSlot* slot) noexcept {
  constexpr std::uint32_t shared = site_table_count - 1;
  const auto index = slot == nullptr ? shared : static_cast<std::uint64_t>(slot - sites.slots);
  const auto number = index < shared ? index : shared;
  return {sites.counters + number * site_capacity, number == shared};
}

inline void count_in_slot(ThreadSlot* slot, std::int64_t allocations, std::int64_t frees,
                          std::int64_t bytes) noexcept {
  if (slot == nullptr || bytes <= -small_bytes_limit || bytes >= small_bytes_limit) [[unlikely]]
    return count(allocations, frees, bytes);
  if (allocations != 0) add_single_writer(slot->allocations, allocations);
  if (frees != 0) add_single_writer(slot->frees, frees);
  if (add_small(*slot, bytes)) [[unlikely]]
    carry(*attached.region, *slot, bytes);
}

/// Forgets what another thread, or code that is gone, left there.
void make_own(StackMemory& memory, std::uint64_t thread, std::uint32_t generation) noexcept {
  if (memory.thread != thread) memory.own = own_stack();
  memory.thread = thread;
  memory.generation = generation;
  memory.depth = 0;
}

/// Only the heap's sites are remembered: resources are rare.
std::uint32_t walked_site(CallSites& sites, StackMemory& memory, const Registers& caller, SiteKind kind) noexcept {
  const auto thread = thread_address();
  const auto generation = code_generation.load(std::memory_order_relaxed);
  if (memory.thread != thread || memory.generation != generation) [[unlikely]]
    make_own(memory, thread, generation);
  const bool may_be_remembered = walk(memory, caller, sites.rules);
  auto site = kind == SiteKind::heap ? memory.site : 0;
  if (site == 0) site = sites.table.site_of(memory, kind);
  if (kind == SiteKind::heap) memory.site = site;
  if (!may_be_remembered) [[unlikely]] {
    memory.depth = 0;
    memory.site = 0;
  }
  return site;
}

__attribute__((noinline, cold)) std::uint32_t site_by_spare(CallSites& sites, const Registers& caller,
                                                            SiteKind kind) noexcept {
  if (sites.is_spare_in_use.test_and_set(std::memory_order_acquire)) return unknown_site_of(kind);
  sites.spare.thread = 0;
  const auto site = walked_site(sites, sites.spare, caller, kind);
  sites.is_spare_in_use.clear(std::memory_order_release);
  return site;
}

__attribute__((noinline)) std::uint32_t site_by_walk(CallSites& sites, StackMemory& memory, const Registers& caller,
                                                     SiteKind kind) noexcept {
  // A signal handler on this thread must see the flag for as long as the memory is in the making.
  memory.is_busy = true;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  const auto site = walked_site(sites, memory, caller, kind);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  memory.is_busy = false;
  return site;
}

inline StackMemory* memory_of(CallSites& sites, const ThreadSlot* slot, const Registers& caller) noexcept {
  return slot == nullptr ? nullptr : &sites.stacks[slot - sites.slots].stack_for(caller);
}

inline std::uint32_t site_of(CallSites& sites, StackMemory* memory, const Registers& caller) noexcept {
  if (memory == nullptr || memory->is_busy) [[unlikely]]
    return site_by_spare(sites, caller, SiteKind::heap);
  const auto remembered = memory->site;
  if (memory->thread == thread_address() && memory->generation == code_generation.load(std::memory_order_relaxed) &&
      is_unchanged(*memory, caller)) [[likely]]
    return remembered;
  return site_by_walk(sites, *memory, caller, SiteKind::heap);
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

std::uint32_t known(ShadowEntry entry) noexcept { return entry.bits == 0 ? unknown_site : entry.site(); }

/// Null where it can be done. A program with a malloc of its own must get its blocks from nowhere else.
const char* why_not(const RegionHeader& region, const CallSites* sites) noexcept {
  if (region.heap_is_counted == 0) return "malloc does not run through the probe";
  if (!next.is_glibc) return "call sites need glibc's allocator underneath";
  return sites == nullptr ? "no address space for the tables of call sites" : nullptr;
}

/// For every state of the thread and every kind of block.
__attribute__((noinline, cold)) void* keep_rare_allocation(void* block, std::size_t asked_bytes,
                                                           const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  if (block == nullptr || sites == nullptr) return block;
  const auto usable = usable_bytes(block);
  count_in_slot(own_slot, 1, 0, static_cast<std::int64_t>(usable));
  const auto site = site_of(*sites, memory_of(*sites, own_slot, caller), caller);
  auto* const place = sites->shadow.entry_for(block);
  if (place == nullptr) ++section_begin<SitesHeader>(*sites->region, SectionId::site_header)->shadow_failures;
  const auto entry =
      place == nullptr ? ShadowEntry::of(unknown_site, 0) : ShadowEntry::of(site, usable - asked_bytes);
  if (place != nullptr) *place = entry;
  table_of(*sites, own_slot).add(entry.site(), 1, 0, static_cast<std::int64_t>(usable), entry.slack());
  return block;
}

__attribute__((noinline, cold)) TakenBlock take_rare_block(void* block) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto usable = usable_bytes(block);
  const auto entry = sites->shadow.take(block);
  count_in_slot(own_slot, 0, 1, -static_cast<std::int64_t>(usable));
  table_of(*sites, own_slot).add(known(entry), 0, 1, static_cast<std::int64_t>(usable), -std::int64_t{entry.slack()});
  return {usable, entry.bits};
}

/// The usual case: a block of glibc's heap, and a thread with counters of its own, which are returned; null
/// otherwise.
inline SiteCounters* usual_counters(const CallSites* sites, const ThreadSlot* slot, const void* block) noexcept {
  if (sites == nullptr || slot == nullptr || block == nullptr || !is_plain_chunk(block)) [[unlikely]]
    return nullptr;
  const auto index = static_cast<std::uint64_t>(slot - sites->slots);
  return index < site_table_count - 1 ? sites->counters + index * site_capacity : nullptr;
}

}  // namespace

void forget_code(RuleCache& rules) noexcept {
  code_generation.fetch_add(1, std::memory_order_relaxed);
  rules.forget_all();
}

void forget_closed_code() noexcept {
  if (auto* const sites = attached.sites) forget_code(sites->rules);
}

void start_sites(RegionHeader& region) noexcept {
  auto* const header = section_begin<SitesHeader>(region, SectionId::site_header);
  if (header == nullptr) return;
  auto* const sites = static_cast<CallSites*>(own::map(sizeof(CallSites)));
  if (const auto* const reason = why_not(region, sites)) {
    strncpy(header->unavailable, reason, sizeof(header->unavailable) - 1);
    return;
  }
  sites->region = &region;
  sites->slots = section_begin<ThreadSlot>(region, SectionId::thread_slots);
  sites->counters = section_begin<SiteCounters>(region, SectionId::site_counters);
  sites->table.begin(region);
  const auto before = read_heap(region);
  auto& unknown = table_of(*sites, nullptr).sites[unknown_site];
  unknown.allocations = before.allocations;
  unknown.frees = before.frees;
  unknown.allocated_bytes = before.bytes;
  attached.may_count_chunks = 0;
  attached.sites = sites;
}

void* keep_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  const auto* const slot = own_slot;
  auto* const counters = usual_counters(sites, slot, block);
  auto* const place = counters == nullptr ? nullptr : sites->shadow.known_entry_for(block);
  if (place == nullptr) [[unlikely]]
    return keep_rare_allocation(block, asked_bytes, caller);
  const auto usable = plain_chunk_bytes(block);
  count_in_slot(own_slot, 1, 0, static_cast<std::int64_t>(usable));
  const auto entry = ShadowEntry::of(site_of(*sites, memory_of(*sites, slot, caller), caller), usable - asked_bytes);
  *place = entry;
  Table{counters, false}.add(entry.site(), 1, 0, static_cast<std::int64_t>(usable), entry.slack());
  return block;
}

TakenBlock take_block(void* block) noexcept {
  auto* const sites = attached.sites;
  auto* const counters = usual_counters(sites, own_slot, block);
  if (counters == nullptr) [[unlikely]]
    return take_rare_block(block);
  const auto usable = plain_chunk_bytes(block);
  const auto entry = sites->shadow.take(block);
  count_in_slot(own_slot, 0, 1, -static_cast<std::int64_t>(usable));
  Table{counters, false}.add(known(entry), 0, 1, static_cast<std::int64_t>(usable), -std::int64_t{entry.slack()});
  return {usable, entry.bits};
}

void put_back(void* block, const TakenBlock& taken) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return;
  const ShadowEntry entry{taken.entry};
  if (entry.bits != 0) *sites->shadow.entry_for(block) = entry;
  take_back_free(taken.usable_bytes);
  table_of(*sites, own_slot).add(known(entry), 0, -1, static_cast<std::int64_t>(taken.usable_bytes), entry.slack());
}

std::uint32_t resource_site(SiteKind kind, const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return 0;
  if (own_slot == nullptr) count(0, 0, 0);  // which gives the thread a slot, if there is one
  auto* const memory = memory_of(*sites, own_slot, caller);
  return memory == nullptr || memory->is_busy ? site_by_spare(*sites, caller, kind)
                                              : site_by_walk(*sites, *memory, caller, kind);
}

void count_resource(std::uint32_t site, std::int64_t made, std::int64_t gone, std::int64_t bytes_made,
                    std::int64_t bytes_gone) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr || site == 0) return;
  auto& counters = table_of(*sites, nullptr).sites[site];
  for (const auto& [counter, amount] : {std::pair{&counters.allocations, made},
                                        {&counters.frees, gone},
                                        {&counters.allocated_bytes, bytes_made},
                                        {&counters.freed_bytes, bytes_gone}})
    if (amount != 0) add(*counter, amount, true);
}

void settle_unknown(SiteKind kind, std::int64_t live) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return;
  const auto site = unknown_site_of(kind);
  const auto& counters = table_of(*sites, nullptr).sites[site];
  const auto change = live - (__atomic_load_n(&counters.allocations, __ATOMIC_RELAXED) -
                              __atomic_load_n(&counters.frees, __ATOMIC_RELAXED));
  change > 0 ? count_resource(site, change, 0) : count_resource(site, 0, -change);
}

OwnMemory sites_memory() noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto shadow = sites->shadow.memory();
  auto resident = shadow.resident_bytes + resident_bytes(sites, offsetof(CallSites, stacks));
  // The kernel takes its time over half a gigabyte of nothing: only slots that were used are asked for.
  for (std::uint32_t i = 0; i < thread_slot_capacity; ++i)
    if (__atomic_load_n(&sites->slots[i].allocations, __ATOMIC_RELAXED) != 0)
      resident += resident_bytes(&sites->stacks[i], sizeof(ThreadStacks));
  resident += resident_bytes(&sites->spare, sizeof(CallSites) - offsetof(CallSites, spare));
  return {resident, shadow.virtual_bytes + static_cast<std::int64_t>(sizeof(CallSites))};
}

}  // namespace soak::probe
