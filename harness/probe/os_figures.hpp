// The operating system's figures about this process, at a price that does not grow with it.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::probe {

/// Opens what brief readings need, where it is not open yet: before a loop, so that a process that runs out of
/// descriptors in it can still be measured. Not when the probe is loaded: a program that is never measured keeps its
/// descriptors as they would be.
void open_os_figures() noexcept;
/// How many descriptors of this process are the probe's own.
std::int64_t own_descriptors() noexcept;

/// RSS, VMS, peak RSS, threads, preemptions (proc(5), status): about 12 us at any size of the process.
void read_status(layout::Reading& reading) noexcept;
/// PSS and USS (smaps_rollup): walks the page tables, milliseconds a gigabyte.
void read_smaps_rollup(layout::Reading& reading) noexcept;
void read_cpu_time(layout::Reading& reading) noexcept;

/// 5 to /proc/self/clear_refs: VmHWM starts again from VmRSS.
bool reset_peak() noexcept;

std::int64_t monotonic_ns() noexcept;

}  // namespace soak::probe
