// Copies of the counters by site at readings, so that growth by site is known after the process was killed.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// A loop begins: copies of the loop before are forgotten.
void forget_site_checkpoints(layout::RegionHeader& region) noexcept;

/// Copies what is alive by site. Where there is no room any more, every second copy is given up and from then on half
/// as many readings are copied; the first, the final and the ended always are. Nothing where call sites are off. One
/// thread at a time.
void keep_site_checkpoint(layout::RegionHeader& region, const layout::Reading& reading) noexcept;

}  // namespace soak::probe
