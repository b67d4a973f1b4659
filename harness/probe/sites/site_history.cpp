#include "probe/sites/site_history.hpp"

#include <string.h>

#include "probe/checkpoint_thinning.hpp"
#include "probe/counters.hpp"
#include "probe/resources/resources.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {
namespace {

constinit CheckpointThinning thinning(2);

layout::SitePoint* points_of(layout::RegionHeader& region, std::uint32_t checkpoint) noexcept {
  return layout::section_begin<layout::SitePoint>(region, layout::SectionId::site_history) +
         std::size_t{checkpoint} * layout::site_capacity;
}

void give_up_every_second(layout::RegionHeader& region, layout::SitesHeader& header) noexcept {
  auto* const checkpoints =
      layout::section_begin<layout::SiteCheckpoint>(region, layout::SectionId::site_checkpoints);
  const auto count = header.site_checkpoint_count.load(std::memory_order_relaxed);
  for (std::uint32_t i = 2; i < count; i += 2) {
    memcpy(points_of(region, i / 2), points_of(region, i), checkpoints[i].site_count * sizeof(layout::SitePoint));
    checkpoints[i / 2] = checkpoints[i];
  }
  header.site_checkpoint_count.store((count + 1) / 2, std::memory_order_release);
}

/// False where this reading has no copy.
bool make_room(layout::RegionHeader& region, layout::SitesHeader& header, layout::ReadingKind kind) noexcept {
  return thinning.takes(kind, header.site_checkpoint_count, layout::site_checkpoint_capacity,
                        [&] { give_up_every_second(region, header); });
}

/// The tables that anybody has written to: the others need no pages for being read.
std::uint32_t tables_in_use(layout::RegionHeader& region) noexcept {
  const auto* const slots = layout::section_begin<layout::ThreadSlot>(region, layout::SectionId::thread_slots);
  std::uint32_t used = 1u << (layout::site_table_count - 1);  // the shared one
  for (std::uint32_t i = 0; i + 1 < layout::site_table_count; ++i)
    if (__atomic_load_n(&slots[i].allocations, __ATOMIC_RELAXED) +
            __atomic_load_n(&slots[i].frees, __ATOMIC_RELAXED) !=
        0)
      used |= 1u << i;
  return used;
}
static_assert(layout::site_table_count <= 32);

layout::SitePoint live_at(const layout::SiteCounters* counters, std::uint32_t tables, std::uint32_t site) noexcept {
  layout::SitePoint point;
  for (std::uint32_t table = 0; table < layout::site_table_count; ++table) {
    if ((tables >> table & 1) == 0) continue;
    const auto& one = counters[std::size_t{table} * layout::site_capacity + site];
    point.live_bytes +=
        __atomic_load_n(&one.allocated_bytes, __ATOMIC_RELAXED) - __atomic_load_n(&one.freed_bytes, __ATOMIC_RELAXED);
    point.live_requested_bytes -= __atomic_load_n(&one.live_slack_bytes, __ATOMIC_RELAXED);
    point.live_blocks +=
        __atomic_load_n(&one.allocations, __ATOMIC_RELAXED) - __atomic_load_n(&one.frees, __ATOMIC_RELAXED);
  }
  point.live_requested_bytes += point.live_bytes;
  return point;
}

}  // namespace

void forget_site_checkpoints(layout::RegionHeader& region) noexcept {
  thinning.restart();
  if (auto* const header = layout::section_begin<layout::SitesHeader>(region, layout::SectionId::site_header))
    header->site_checkpoint_count.store(0, std::memory_order_release);
}

void keep_site_checkpoint(layout::RegionHeader& region, const layout::Reading& reading) noexcept {
  auto* const header = layout::section_begin<layout::SitesHeader>(region, layout::SectionId::site_header);
  if (header == nullptr || attached.sites == nullptr || !make_room(region, *header, reading.kind)) return;
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  settle_resources(reading);
#endif
  const auto place = header->site_checkpoint_count.load(std::memory_order_relaxed);
  const auto known = header->site_count.load(std::memory_order_acquire);
  const auto sites = known < layout::site_capacity ? known : layout::site_capacity;
  const auto* const counters = layout::section_begin<layout::SiteCounters>(region, layout::SectionId::site_counters);
  const auto tables = tables_in_use(region);
  auto* const points = points_of(region, place);
  for (std::uint32_t site = 0; site < sites; ++site) points[site] = live_at(counters, tables, site);
  layout::section_begin<layout::SiteCheckpoint>(region, layout::SectionId::site_checkpoints)[place] = {
      reading.iteration, reading.monotonic_ns, reading.kind, sites};
  header->site_checkpoint_count.store(place + 1, std::memory_order_release);
}

}  // namespace soak::probe
