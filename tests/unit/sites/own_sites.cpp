#include "own_sites.hpp"

#include <algorithm>

namespace soak::probe {
namespace {

RegionHeader& region() { return *soak_probe_region(); }

const SiteCounters& counters(std::uint32_t table, std::uint32_t site) {
  return section_begin<SiteCounters>(region(), SectionId::site_counters)[table * site_capacity + site];
}

}  // namespace

SitesHeader& sites_header() { return *section_begin<SitesHeader>(region(), SectionId::site_header); }
std::uint32_t site_count() { return std::min(sites_header().site_count.load(), site_capacity); }

SiteTotals totals_of(std::uint32_t site) {
  SiteTotals totals;
  for (std::uint32_t table = 0; table < site_table_count; ++table) {
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
    if (kind_of(site) != SiteKind::heap) continue;
    const auto one = totals_of(site);
    sum.allocations += one.allocations;
    sum.frees += one.frees;
    sum.live_bytes += one.live_bytes;
    sum.live_requested_bytes += one.live_requested_bytes;
  }
  return sum;
}

SiteKind kind_of(std::uint32_t site) { return section_begin<Site>(region(), SectionId::sites)[site].kind; }

Stack stack_of(std::uint32_t site) {
  const auto& entry = section_begin<Site>(region(), SectionId::sites)[site];
  return {section_begin<std::uint64_t>(region(), SectionId::frames) + entry.first_frame, entry.frame_count,
          entry.end};
}

const ModuleEntry& module_entry(std::uint32_t number) {
  return section_begin<ModuleEntry>(region(), SectionId::modules)[number];
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
