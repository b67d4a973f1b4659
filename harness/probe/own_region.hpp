// Gets the memory that the region lies in.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// The region in the file of this name, laid out and this process's; made where it is not there. Null where another
/// living process has it, which is silent, and where the file cannot be used, which is told on stderr: no permission,
/// no room, not a regular file, or a file of something else, which is left as it is.
[[nodiscard]] layout::RegionHeader* region_in_file(const char* path) noexcept;

/// Regions made from now on have room for call sites, tens of megabytes; see sites/region_layout.hpp.
void make_room_for_sites() noexcept;

/// A region that nobody but this process reads; null where there is no memory.
[[nodiscard]] layout::RegionHeader* region_in_memory() noexcept;

}  // namespace soak::probe
