// What the region itself has to say in a reading.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// Live bytes and blocks, allocations, frees, peak, joinable threads; left absent where malloc does not run through
/// the probe.
void read_heap_figures(layout::Reading& reading, layout::RegionHeader& region) noexcept;

/// What the process would hold without us is the rest.
void take_off_probe_memory(layout::Reading& reading, const layout::RegionHeader& region) noexcept;

}  // namespace soak::probe
