// The last reading, at the end of the program's own doing.
#pragma once

namespace soak::probe {

/// Keeps a reading in the region's header, at the first call, and marks the region ended. Safe in a signal handler,
/// and without effect in a child that only shares the owner's memory (vfork).
void keep_end_reading() noexcept;

/// The reading before main begins: heap and open files. What needs descriptors of our own is left out.
void keep_start_reading() noexcept;

}  // namespace soak::probe
