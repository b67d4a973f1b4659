// Resources by call site: who opened, mapped and started what is still there. SOAK_PROBE=sites.
//
// What is made is counted at the stack that made it, in the same tables as the heap's blocks. What the hooks do not
// see, such as a descriptor that libc opens for itself, is the unknown site's: at each reading it gets the difference
// to the operating system's figures.
#pragma once

#include "probe/resources/children.hpp"
#include "probe/resources/descriptors.hpp"
#include "probe/resources/mappings.hpp"
#include "probe/resources/threads.hpp"
#include "probe/sites/machine.hpp"
#include "probe/sites/sites.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {

struct ResourceTables {
  layout::RegionHeader* region;
  DescriptorTable descriptors;
  ThreadTable threads;
  bool thread_ends_are_seen;  ///< Else threads are not followed.
  MappingTable mappings;
  ChildTable children;
};

/// Begins following resources, if call sites are on. Before the program's own code runs.
void start_resources(layout::RegionHeader& region) noexcept;

/// Null where nothing is followed: call sites are off, or this is a child. One made by vfork shares its parent's
/// memory, but not its descriptors.
[[nodiscard]] ResourceTables* followed_resources() noexcept;

/// Called by a thread that begins: its end is seen from now on.
void watch_end_of(StartedThread& thread) noexcept;

/// There was no room in a table: the unknown site's.
void count_overflow(ResourceTables& tables, layout::SiteKind kind) noexcept;

/// Takes out what is gone without our having seen it, and gives the unknown sites what is left of the reading. One
/// thread at a time.
void settle_resources(const layout::Reading& reading) noexcept;

/// The tables' own; see OwnMemory.
[[nodiscard]] OwnMemory resources_memory() noexcept;

}  // namespace soak::probe
