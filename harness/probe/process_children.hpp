// Child processes not yet waited for.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// One system call where there are none, which is nearly always; else each thread's list is read. `absent` where the
/// lists cannot be read.
void count_children(layout::Reading& reading) noexcept;

}  // namespace soak::probe
