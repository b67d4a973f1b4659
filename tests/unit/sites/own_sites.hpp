// This process's own call sites, as they stand in its region. Nothing here allocates.
#pragma once

#include <cstdint>

#include "probe/probe.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {

struct SiteTotals {
  std::int64_t allocations = 0, frees = 0, live_bytes = 0, live_requested_bytes = 0;
  [[nodiscard]] std::int64_t live_blocks() const { return allocations - frees; }
};

[[nodiscard]] layout::SitesHeader& sites_header();
[[nodiscard]] std::uint32_t site_count();
[[nodiscard]] SiteTotals totals_of(std::uint32_t site);
[[nodiscard]] layout::SiteKind kind_of(std::uint32_t site);
/// The heap's.
[[nodiscard]] SiteTotals totals_of_all_sites();

struct Stack {
  const std::uint64_t* frames = nullptr;  ///< Innermost first, with module numbers.
  std::uint32_t depth = 0;
  layout::StackEnd end = layout::StackEnd::complete;
  [[nodiscard]] std::uint64_t address(std::uint32_t i) const { return frames[i] & layout::frame_address_mask; }
  [[nodiscard]] std::uint32_t module(std::uint32_t i) const {
    return static_cast<std::uint32_t>(frames[i] >> layout::frame_address_bits);
  }
};
[[nodiscard]] Stack stack_of(std::uint32_t site);
[[nodiscard]] const layout::ModuleEntry& module_entry(std::uint32_t number);

/// The site where something was allocated between two calls: what the first returns, given to the second. 0 where
/// there is none, or more than one.
struct AllocationsBySite {
  std::int64_t count[layout::site_capacity];
};
void note_allocations(AllocationsBySite& noted);
[[nodiscard]] std::uint32_t site_since(const AllocationsBySite& noted);

}  // namespace soak::probe
