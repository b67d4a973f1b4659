#include "probe/sites/sites.hpp"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <utility>

#include "probe/early_blocks.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/call_sites.hpp"
#include "probe/sites/resident.hpp"

namespace soak::probe {

constinit std::atomic<std::uint32_t> code_generation{0};

namespace {

/// See keep_in_mind_where_main_is_called. Other stacks lie below the first thread's.
constinit std::atomic<std::uint64_t> unchanging{UINT64_MAX};

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

/// Forgets what another thread, or code that is gone, left there; true where it did.
bool make_own(StackMemory& memory) noexcept {
  const auto thread = thread_address();
  const auto generation = code_generation.load(std::memory_order_relaxed);
  if (memory.thread == thread && memory.generation == generation) [[likely]]
    return false;
  if (memory.thread != thread) memory.own = own_stack();
  memory.thread = thread;
  memory.generation = generation;
  memory.depth = 0;
  return true;
}

/// Leaves depth 0 where the stack is not to be remembered. Only the heap's sites are: resources are rare.
std::uint32_t walked_site(CallSites& sites, StackMemory& memory, const Registers& caller, SiteKind kind) noexcept {
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
  make_own(sites.spare);
  const auto site = walked_site(sites, sites.spare, caller, kind);
  sites.is_spare_in_use.clear(std::memory_order_release);
  return site;
}

/// What belongs to the calling thread, in order, and found again by own_sites if it has counters of its own; null
/// where it has no slot.
ThreadSites* prepared_sites(CallSites& sites) noexcept {
  auto* const slot = own_slot;
  if (slot == nullptr) return nullptr;
  const auto number = static_cast<std::size_t>(slot - sites.slots);
  auto& own = sites.threads[number];
  const auto table = table_of(sites, slot);
  own.shadow = &sites.shadow;
  own.slot = slot;
  own.counters = table.sites;
  own.recent.begin();
  own_sites = table.is_shared ? nullptr : &own;
  return &own;
}

std::uint32_t site_by_walk(CallSites& sites, ThreadSites& own, const Registers& caller, SiteKind kind) noexcept {
  auto& memory = own.memory;
  if (memory.is_busy) [[unlikely]]
    return site_by_spare(sites, caller, kind);
  // A signal handler on this thread must see the flag for as long as the memory is in the making.
  memory.is_busy = true;
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  if (make_own(memory)) [[unlikely]]
    own.recent.forget_all();
  const auto site = walked_site(sites, memory, caller, kind);
  if (memory.depth > 0 && kind == SiteKind::heap) own.recent.keep(memory, caller, site, unchanging);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
  memory.is_busy = false;
  return site;
}

std::uint32_t site_of(CallSites& sites, ThreadSites* own, const Registers& caller, SiteKind kind) noexcept {
  return own == nullptr ? site_by_spare(sites, caller, kind) : site_by_walk(sites, *own, caller, kind);
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

/// A block without an entry was never allocated through us: all that were, from the first on, have one.
bool tells_foreign_blocks(const CallSites& sites) noexcept {
  return early_blocks_are_known() &&
         section_begin<SitesHeader>(*sites.region, SectionId::site_header)->shadow_failures == 0;
}

}  // namespace

void* keep_by_second_look(void* block, std::size_t asked_bytes, std::uint64_t pc, std::uint64_t sp, std::uint64_t fp,
                          std::uint64_t slot) noexcept {
  auto* const own = usual::sites_for(block);
  if (own != nullptr && usual::is_code_the_same(*own))
    if (const auto site = own->recent.find({pc, sp, fp, slot}))
      if (usual::keep(block, asked_bytes, *own, site)) return usual::counted_in_slot(block, own->slot);
  return keep_rare_allocation(block, asked_bytes, pc, sp, fp, slot);
}

void* keep_rare_allocation(void* block, std::size_t asked_bytes, std::uint64_t pc, std::uint64_t sp, std::uint64_t fp,
                           std::uint64_t slot) noexcept {
  auto* const sites = attached.sites;
  if (block == nullptr || sites == nullptr) return block;
  const auto usable = usable_bytes(block);
  count_allocation(usable);
  const auto site = site_of(*sites, prepared_sites(*sites), {pc, sp, fp, slot}, SiteKind::heap);
  auto* const place = sites->shadow.entry_for(block);
  if (place == nullptr) ++section_begin<SitesHeader>(*sites->region, SectionId::site_header)->shadow_failures;
  const auto entry =
      place == nullptr ? ShadowEntry::of(unknown_site, 0) : ShadowEntry::of(site, usable - asked_bytes);
  if (place != nullptr) *place = entry;
  table_of(*sites, own_slot).add(entry.site(), 1, 0, static_cast<std::int64_t>(usable), entry.slack());
  return block;
}

TakenBlock take_rare_block(void* block) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto usable = usable_bytes(block);
  const auto entry = sites->shadow.take(block);
  if (entry.bits == 0 && tells_foreign_blocks(*sites)) {
    sites->region->foreign_frees.fetch_add(1, std::memory_order_relaxed);
    return {usable, 0};
  }
  count_free(usable);
  table_of(*sites, own_slot).add(known(entry), 0, 1, static_cast<std::int64_t>(usable), -std::int64_t{entry.slack()});
  return {usable, entry.bits};
}

void forget_code(RuleCache& rules) noexcept {
  code_generation.fetch_add(1, std::memory_order_relaxed);
  rules.forget_all();
}

void forget_closed_code() noexcept {
  if (auto* const sites = attached.sites) forget_code(sites->rules);
}

void keep_in_mind_where_main_is_called(std::uint64_t frame) noexcept {
  unchanging = frame != 0 ? frame : UINT64_MAX;
  if (frame == 0) code_generation.fetch_add(1, std::memory_order_relaxed);
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
  for_each_early_block([sites](void* block) {
    if (auto* const place = sites->shadow.entry_for(block)) *place = ShadowEntry::of(unknown_site, 0);
  });
  attached.sites = sites;
  attached.may_keep_sites = UINTPTR_MAX;
}

void* keep_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept {
  return keep_rare_allocation(block, asked_bytes, caller.pc, caller.sp, caller.fp, caller.slot);
}

void free_rare_block_at_site(void* block) noexcept {
  if (block == nullptr) return;
  take_rare_block(block);
  if (!is_early_block(block)) next.free(block);
}

TakenBlock take_block(void* block) noexcept {
  const auto* const own = usual::sites_for(block);
  auto* const place = own == nullptr ? nullptr : own->shadow->known_entry_for(block);
  if (place == nullptr || place->bits == 0) [[unlikely]]
    return take_rare_block(block);
  const auto entry = place->bits;
  const auto bytes = usual::take(*place, *own, block);
  if (take_small(*own->slot, bytes)) [[unlikely]]
    carry(*attached.region, *own->slot, -bytes);
  return {static_cast<std::size_t>(bytes), entry};
}

void put_back(void* block, const TakenBlock& taken) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return;
  const ShadowEntry entry{taken.entry};
  if (entry.bits == 0 && tells_foreign_blocks(*sites)) {
    sites->region->foreign_frees.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  if (entry.bits != 0) *sites->shadow.entry_for(block) = entry;
  take_back_free(taken.usable_bytes);
  table_of(*sites, own_slot).add(known(entry), 0, -1, static_cast<std::int64_t>(taken.usable_bytes), entry.slack());
}

std::uint32_t resource_site(SiteKind kind, const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return 0;
  if (own_slot == nullptr) count(0, 0, 0);  // which gives the thread a slot, if there is one
  return site_of(*sites, prepared_sites(*sites), caller, kind);
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
  auto resident = shadow.resident_bytes + resident_bytes(sites, offsetof(CallSites, threads));
  // The kernel takes its time over half a gigabyte of nothing: only slots that were used are asked for.
  for (std::uint32_t i = 0; i < thread_slot_capacity; ++i)
    if (__atomic_load_n(&sites->slots[i].allocations, __ATOMIC_RELAXED) != 0)
      resident += resident_bytes(&sites->threads[i], sizeof(ThreadSites));
  resident += resident_bytes(&sites->spare, sizeof(CallSites) - offsetof(CallSites, spare));
  return {resident, shadow.virtual_bytes + static_cast<std::int64_t>(sizeof(CallSites))};
}

}  // namespace soak::probe
