// The beginning of attribution, and what it holds in memory.
#include <stddef.h>
#include <string.h>

#include "probe/early_blocks.hpp"
#include "probe/own_calls.hpp"
#include "probe/sites/counter_table.hpp"
#include "probe/sites/resident.hpp"

namespace soak::probe {
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

}  // namespace soak::probe
