#include "own_resources.hpp"

namespace soak::probe {
namespace {

void add(ResourceTotals& sum, std::uint32_t site) {
  const auto one = totals_of(site);
  sum.made += one.allocations;
  sum.gone += one.frees;
  sum.bytes += one.live_bytes;
}

bool has_frame_in(std::uint32_t site, std::uint64_t begin, std::uint64_t end) {
  const auto stack = stack_of(site);
  for (std::uint32_t i = 0; i < stack.depth; ++i)
    if (stack.address(i) > begin && stack.address(i) <= end) return true;
  return false;
}

}  // namespace

ResourceTotals known_resources(layout::SiteKind kind) {
  ResourceTotals sum;
  for (auto site = layout::first_known_site; site < site_count(); ++site)
    if (kind_of(site) == kind) add(sum, site);
  return sum;
}

std::int64_t unknown_resources(layout::SiteKind kind) {
  return totals_of(layout::unknown_site_of(kind)).live_blocks();
}

ResourceTotals made_in(const void* function, layout::SiteKind kind, std::uint64_t code_bytes) {
  ResourceTotals sum;
  const auto begin = reinterpret_cast<std::uint64_t>(function);
  for (auto site = layout::first_known_site; site < site_count(); ++site)
    if (kind_of(site) == kind && has_frame_in(site, begin, begin + code_bytes)) add(sum, site);
  return sum;
}

void settle() {
  soak_probe_begin_pass(1);
  layout::Reading reading;
  soak_probe_read(&reading, false);
  reading.kind = layout::ReadingKind::baseline;
  reading.iteration = 0;
  soak_probe_keep(&reading);
}

}  // namespace soak::probe
