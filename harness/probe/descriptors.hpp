// Open file descriptors of this process: how many, and of which kind.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// The number alone: one stat(2) since Linux 6.2, where the size of /proc/self/fd is the number of its entries;
/// before, the folder is listed.
void count_descriptors(layout::Reading& reading) noexcept;
/// Regular files, sockets, pipes and others: one fstat(2) a descriptor.
void count_descriptors_by_kind(layout::Reading& reading) noexcept;

}  // namespace soak::probe
