// Exact attribution of every allocation to its call stack: SOAK_PROBE=sites.
#pragma once

#include "probe/counters.hpp"
#include "probe/sites/frame_rule.hpp"
#include "probe/sites/machine.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {

/// How many times code was unmapped, or may have been. What was remembered of stacks before is void.
extern __attribute__((visibility("hidden"))) std::atomic<std::uint32_t> code_generation;
/// Addresses may stand for other code from now on.
void forget_code(RuleCache& rules) noexcept;
/// The same, after a dlclose; nothing where call sites are off.
void forget_closed_code() noexcept;

/// Everything at this address of the first thread's stack and above stays as it is until main returns: no walk need
/// compare it. 0: main has returned.
void keep_in_mind_where_main_is_called(std::uint64_t frame) noexcept;

/// Begins attributing; what is alive already goes to the unknown site. Before the program's own code runs. The region
/// says so where it cannot be done: another allocator than glibc's, no memory.
void start_sites(layout::RegionHeader& region) noexcept;

/// The rest is called only where attached.sites is not null.

/// Counts a new block, null allowed, for the stack that `caller` is on. Returns the block.
void* keep_allocation(void* block, std::size_t asked_bytes, const Registers& caller) noexcept;

/// A block that is about to be freed, or resized, is taken out.
struct TakenBlock {
  std::size_t usable_bytes = 0;
  std::uint32_t entry = 0;
};
TakenBlock take_block(void* block) noexcept;
/// It was not freed after all.
void put_back(void* block, const TakenBlock& taken) noexcept;

/// The number of the stack that `caller` is on, for a resource. Costs a walk and disturbs nothing of the heap's.
[[nodiscard]] std::uint32_t resource_site(layout::SiteKind kind, const Registers& caller) noexcept;
/// Counts resources made and gone at their site; negative amounts take back. Any thread may call it.
void count_resource(std::uint32_t site, std::int64_t made, std::int64_t gone, std::int64_t bytes_made = 0,
                    std::int64_t bytes_gone = 0) noexcept;
/// The unknown site of this kind has as many resources from now on. One thread at a time.
void settle_unknown(layout::SiteKind kind, std::int64_t live) noexcept;

struct OwnMemory {
  std::int64_t resident_bytes = 0, virtual_bytes = 0;
};
/// What attribution holds besides the region; nothing where it is off. One thread at a time.
OwnMemory sites_memory() noexcept;

}  // namespace soak::probe
