// The region's list of types, and their counts at readings.
#pragma once

#include "region/layout/type_layout.hpp"

namespace soak::probe {

/// The number of the type, entered at its first time; -1 where there is no room (counted in the region). One thread
/// at a time, as with all that follows.
[[nodiscard]] std::int64_t type_index(layout::RegionHeader& region, const char* name,
                                      layout::TypeSource source) noexcept;

/// A loop begins: counts of the loop before are forgotten.
void forget_type_checkpoints(layout::RegionHeader& region) noexcept;

/// Keeps how many objects there are of each class that counts them; and at the baseline and at both ends, with call
/// sites on, of each that a live block's vtable names.
void keep_type_checkpoint(layout::RegionHeader& region, const layout::Reading& reading) noexcept;

}  // namespace soak::probe
