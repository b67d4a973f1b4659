// What the fixture, and whoever links libsoak_probe.so, may ask of the probe. C linkage: the probe is one file for
// every language and every C++ library. Nothing here allocates or throws; any thread may call unless stated
// otherwise.
#pragma once

#include "region/layout/region_layout.hpp"

#define SOAK_PROBE_API extern "C" __attribute__((visibility("default")))

/// The region this process writes to; never null, except where SOAK_PROBE=off or in a child that was forked off.
SOAK_PROBE_API soak::layout::RegionHeader* soak_probe_region() noexcept;

/// Reads the process as it is now. `detailed` adds PSS, USS and descriptors by kind.
SOAK_PROBE_API void soak_probe_read(soak::layout::Reading* reading, bool detailed) noexcept;

/// A loop begins: the readings of the loop before are forgotten. One thread.
SOAK_PROBE_API void soak_probe_begin_pass(std::int64_t planned_iterations) noexcept;

/// Keeps a reading in the region and returns where, or null where there is no room (counted in readings_dropped) or
/// no region. One thread at a time.
SOAK_PROBE_API soak::layout::Reading* soak_probe_keep(const soak::layout::Reading* reading) noexcept;

/// Starts VmHWM again from the current resident set size (5 to /proc/self/clear_refs). False where that is refused.
SOAK_PROBE_API bool soak_probe_reset_peak() noexcept;

/// The program is about to end: keeps the end reading now, where what comes between here and the end of main would
/// take it apart, as Python does with its modules. Once.
SOAK_PROBE_API void soak_probe_end() noexcept;

/// True where SOAK_PROBE=off asked the probe to stay out of the way.
SOAK_PROBE_API bool soak_probe_is_off() noexcept;

namespace soak::probe {

// Sets the region up when the probe is loaded.

/// SOAK_PROBE=off.
bool is_off() noexcept;

}  // namespace soak::probe
