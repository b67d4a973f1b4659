#include "probe/sites/sites.hpp"

#include "probe/early_blocks.hpp"
#include "probe/sites/counter_table.hpp"
#include "probe/sites/find_site.hpp"

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

}  // namespace soak::probe
