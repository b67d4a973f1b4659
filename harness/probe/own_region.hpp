// Whose region it is. A program that the measured process starts inherits SOAK_REGION: the region belongs to the
// process that took it first, as long as that lives, through every exec.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

enum class Claim {
  fresh,       ///< Nobody's, or its owner is gone: now this process's.
  after_exec,  ///< This process's already, from before it replaced its image.
  refused,     ///< Another living process's.
};

/// `region` is the mapping of `file`, or private memory where `file` is negative. The claim is a lock on the file
/// (flock(2)) that the mapping keeps when the descriptor is closed, and that ends with the process however it ends;
/// numbers of processes come round again, and mean nothing in another PID namespace.
[[nodiscard]] Claim claim(layout::RegionHeader& region, int file) noexcept;

// Gets the memory that the region lies in.

/// The region in the file of this name, laid out and this process's; made where it is not there. Null where another
/// living process has it, which is silent, and where the file cannot be used, which is told on stderr: no permission,
/// no room, not a regular file, or a file of something else, which is left as it is.
[[nodiscard]] layout::RegionHeader* region_in_file(const char* path) noexcept;

/// Regions made from now on have room for call sites, tens of megabytes; see sites/region_layout.hpp.
void make_room_for_sites() noexcept;

/// A region that nobody but this process reads; null where there is no memory.
[[nodiscard]] layout::RegionHeader* region_in_memory() noexcept;

}  // namespace soak::probe
