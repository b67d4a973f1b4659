// Where a thread counts for the sites that it allocates at.
#pragma once

#include "probe/sites/call_sites.hpp"

namespace soak::probe {

/// The counters that a thread adds to: its own table's, or one shared with others.
struct Table {
  layout::SiteCounters* sites;
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
inline Table table_of(CallSites& sites, const layout::ThreadSlot* slot) noexcept {
  constexpr std::uint32_t shared = layout::site_table_count - 1;
  const auto index = slot == nullptr ? shared : static_cast<std::uint64_t>(slot - sites.slots);
  const auto number = index < shared ? index : shared;
  return {sites.counters + number * layout::site_capacity, number == shared};
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

}  // namespace soak::probe
