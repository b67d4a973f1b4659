// Counts live objects by the types that their vtables name. SOAK_PROBE=sites, which knows where live blocks are.
#pragma once

#include "probe/sites/sites.hpp"
#include "region/layout/type_layout.hpp"

namespace soak::probe {

/// Before the program's own code runs; the region says so where it cannot be done.
void start_vtable_scans(layout::RegionHeader& region) noexcept;

/// Looks at all live blocks, where `kind` is that of a TypedMoment, and adds to `points`, by type, and to
/// typed_sites. Blocks that others free meanwhile may be counted or not. 50 to 100 ms a million blocks. One thread at
/// a time.
void count_by_vtable(layout::RegionHeader& region, layout::ReadingKind kind, layout::TypePoint* points) noexcept;

/// The scan's own; see OwnMemory.
[[nodiscard]] OwnMemory scan_memory() noexcept;

}  // namespace soak::probe
