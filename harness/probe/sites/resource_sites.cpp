#include <utility>

#include "probe/sites/counter_table.hpp"
#include "probe/sites/find_site.hpp"

namespace soak::probe {

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
