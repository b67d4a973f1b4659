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

}  // namespace soak::probe
