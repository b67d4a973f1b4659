// This process's own resources by call site, as they stand in its region.
#pragma once

#include <string>

#include "own_sites.hpp"

namespace soak::probe {

struct ResourceTotals {
  std::int64_t made = 0, gone = 0, bytes = 0;
  [[nodiscard]] std::int64_t live() const { return made - gone; }
};
/// Of all sites of the kind whose stack is known.
[[nodiscard]] ResourceTotals known_resources(layout::SiteKind kind);
[[nodiscard]] inline std::int64_t live(layout::SiteKind kind) { return known_resources(kind).live(); }
/// Of what could not be told.
[[nodiscard]] std::int64_t unknown_resources(layout::SiteKind kind);
/// Made by stacks with this function in it, whose code is at most so long.
[[nodiscard]] ResourceTotals made_in(const void* function, layout::SiteKind kind, std::uint64_t code_bytes = 256);

/// Takes a reading, which settles what was not seen.
void settle();

}  // namespace soak::probe
