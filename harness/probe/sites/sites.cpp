#include "probe/sites/sites.hpp"

#include <stddef.h>
#include <string.h>

#include <utility>

#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/call_sites.hpp"
#include "probe/sites/shadow.hpp"

namespace soak::probe {
namespace {

std::uint32_t known(ShadowEntry entry) noexcept { return entry.bits == 0 ? layout::unknown_site : entry.site(); }

/// A block without an entry was never allocated through us: all that were, from the first on, have one.
bool tells_foreign_blocks(const CallSites& sites) noexcept {
  return early_blocks_are_known() &&
         layout::section_begin<layout::SitesHeader>(*sites.region, layout::SectionId::site_header)->shadow_failures ==
             0;
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
  const auto site = find_site(*sites, {pc, sp, fp, slot}, layout::SiteKind::heap);
  auto* const place = sites->shadow.entry_for(block);
  if (place == nullptr)
    ++layout::section_begin<layout::SitesHeader>(*sites->region, layout::SectionId::site_header)->shadow_failures;
  const auto entry =
      place == nullptr ? ShadowEntry::of(layout::unknown_site, 0) : ShadowEntry::of(site, usable - asked_bytes);
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

// The beginning of attribution, and what it holds in memory.

namespace {

/// Null where it can be done. A program with a malloc of its own must get its blocks from nowhere else.
const char* why_not(const layout::RegionHeader& region, const CallSites* sites) noexcept {
  if (region.heap_is_counted == 0) return "malloc does not run through the probe";
  if (!next.is_glibc) return "call sites need glibc's allocator underneath";
  return sites == nullptr ? "no address space for the tables of call sites" : nullptr;
}

}  // namespace

void start_sites(layout::RegionHeader& region) noexcept {
  auto* const header = layout::section_begin<layout::SitesHeader>(region, layout::SectionId::site_header);
  if (header == nullptr) return;
  auto* const sites = static_cast<CallSites*>(own::map(sizeof(CallSites)));
  if (const auto* const reason = why_not(region, sites)) {
    strncpy(header->unavailable, reason, sizeof(header->unavailable) - 1);
    return;
  }
  sites->region = &region;
  sites->slots = layout::section_begin<layout::ThreadSlot>(region, layout::SectionId::thread_slots);
  sites->counters = layout::section_begin<layout::SiteCounters>(region, layout::SectionId::site_counters);
  sites->table.begin(region);
  const auto before = read_heap(region);
  auto& unknown = table_of(*sites, nullptr).sites[layout::unknown_site];
  unknown.allocations = before.allocations;
  unknown.frees = before.frees;
  unknown.allocated_bytes = before.bytes;
  for_each_early_block([sites](void* block) {
    if (auto* const place = sites->shadow.entry_for(block)) *place = ShadowEntry::of(layout::unknown_site, 0);
  });
  attached.sites = sites;
  attached.may_keep_sites = UINTPTR_MAX;
}

OwnMemory sites_memory() noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return {};
  const auto shadow = sites->shadow.memory();
  auto resident = shadow.resident_bytes + resident_bytes(sites, offsetof(CallSites, threads));
  // The kernel takes its time over half a gigabyte of nothing: only slots that were used are asked for.
  for (std::uint32_t i = 0; i < layout::thread_slot_capacity; ++i)
    if (__atomic_load_n(&sites->slots[i].allocations, __ATOMIC_RELAXED) != 0)
      resident += resident_bytes(&sites->threads[i], sizeof(ThreadSites));
  resident += resident_bytes(&sites->spare, sizeof(CallSites) - offsetof(CallSites, spare));
  return {resident, shadow.virtual_bytes + static_cast<std::int64_t>(sizeof(CallSites))};
}

std::uint32_t resource_site(layout::SiteKind kind, const Registers& caller) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return 0;
  if (own_slot == nullptr) count(0, 0, 0);  // which gives the thread a slot, if there is one
  return find_site(*sites, caller, kind);
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

void settle_unknown(layout::SiteKind kind, std::int64_t live) noexcept {
  auto* const sites = attached.sites;
  if (sites == nullptr) return;
  const auto site = layout::unknown_site_of(kind);
  const auto& counters = table_of(*sites, nullptr).sites[site];
  const auto change = live - (__atomic_load_n(&counters.allocations, __ATOMIC_RELAXED) -
                              __atomic_load_n(&counters.frees, __ATOMIC_RELAXED));
  change > 0 ? count_resource(site, change, 0) : count_resource(site, 0, -change);
}

}  // namespace soak::probe
