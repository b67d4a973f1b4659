// The region's table of modules: which file's code lay where, so that addresses can be named after the run.
#pragma once

#include <dlfcn.h>

#include "region/layout/site_layout.hpp"

namespace soak::probe {

/// The number of the module in the region's table, where it is entered at its first frame; 0 where there is no room
/// or another thread is entering one at this very moment and does not finish. A module that was closed and opened
/// again at the same place has the same number; another one in its place has a new one. `is_new` tells of an entry
/// made.
[[nodiscard]] std::uint32_t module_number(layout::RegionHeader& region, const dl_find_object& object,
                                          bool& is_new) noexcept;

}  // namespace soak::probe
