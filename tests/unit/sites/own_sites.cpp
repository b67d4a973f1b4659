#include "own_sites.hpp"

#include <algorithm>

namespace soak::probe {
namespace {

layout::RegionHeader& region() { return *soak_probe_region(); }

const layout::SiteCounters& counters(std::uint32_t table, std::uint32_t site) {
  return layout::section_begin<layout::SiteCounters>(
      region(), layout::SectionId::site_counters)[table * layout::site_capacity + site];
}

}  // namespace

layout::SitesHeader& sites_header() {
  return *layout::section_begin<layout::SitesHeader>(region(), layout::SectionId::site_header);
}
std::uint32_t site_count() { return std::min(sites_header().site_count.load(), layout::site_capacity); }

SiteTotals totals_of(std::uint32_t site) {
  SiteTotals totals;
  for (std::uint32_t table = 0; table < layout::site_table_count; ++table) {
    const auto& one = counters(table, site);
    totals.allocations += one.allocations;
    totals.frees += one.frees;
    totals.live_bytes += one.allocated_bytes - one.freed_bytes;
    totals.live_requested_bytes += one.allocated_bytes - one.freed_bytes - one.live_slack_bytes;
  }
  return totals;
}

SiteTotals totals_of_all_sites() {
  SiteTotals sum;
  for (std::uint32_t site = 0; site < site_count(); ++site) {
    if (kind_of(site) != layout::SiteKind::heap) continue;
    const auto one = totals_of(site);
    sum.allocations += one.allocations;
    sum.frees += one.frees;
    sum.live_bytes += one.live_bytes;
    sum.live_requested_bytes += one.live_requested_bytes;
  }
  return sum;
}

layout::SiteKind kind_of(std::uint32_t site) {
  return layout::section_begin<layout::Site>(region(), layout::SectionId::sites)[site].kind;
}

Stack stack_of(std::uint32_t site) {
  const auto& entry = layout::section_begin<layout::Site>(region(), layout::SectionId::sites)[site];
  return {layout::section_begin<std::uint64_t>(region(), layout::SectionId::frames) + entry.first_frame,
          entry.frame_count, entry.end};
}

const layout::ModuleEntry& module_entry(std::uint32_t number) {
  return layout::section_begin<layout::ModuleEntry>(region(), layout::SectionId::modules)[number];
}

void note_allocations(AllocationsBySite& noted) {
  std::fill(std::begin(noted.count), std::end(noted.count), 0);
  for (std::uint32_t site = 0; site < site_count(); ++site) noted.count[site] = totals_of(site).allocations;
}

std::uint32_t site_since(const AllocationsBySite& noted) {
  std::uint32_t found = 0;
  for (std::uint32_t site = 0; site < site_count(); ++site) {
    if (totals_of(site).allocations == noted.count[site]) continue;
    if (found != 0) return 0;
    found = site;
  }
  return found;
}

}  // namespace soak::probe
