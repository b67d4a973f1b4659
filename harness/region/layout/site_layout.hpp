// Call sites in the shared region: who made what is alive, readable while the process runs and after it died. Blocks
// of the heap, and resources: descriptors, threads, mappings, child processes.
//
//   site_header       one SitesHeader
//   sites             Site; the index is the site's number
//   frames            one std::uint64_t a frame, a site's innermost first
//   site_counters     SiteCounters[site_table_count][site_capacity]: one table a thread, summed by the reader
//   site_checkpoints  SiteCheckpoint: which readings have a copy of the counters
//   site_history      SitePoint[site_checkpoint_capacity][site_capacity]
//   modules           ModuleEntry: where code was mapped, so that addresses can be named after the run
//
// The sections are there only where SOAK_PROBE=sites asked for them.
#pragma once

#include "region/layout/region_layout.hpp"

namespace soak::layout {

inline constexpr std::uint32_t site_capacity = 16 * 1024;  ///< A power of two.
inline constexpr std::uint32_t frame_capacity = 512 * 1024;
inline constexpr std::uint32_t site_table_count = 16;  ///< The last is shared by all threads that have no own.
inline constexpr std::uint32_t site_checkpoint_capacity = 32;
inline constexpr std::uint32_t module_capacity = 512;
inline constexpr std::uint32_t max_stack_depth = 256;

/// What is made at a site.
enum class SiteKind : std::uint32_t {
  heap,
  descriptor,
  thread,   ///< Running, or ended and neither joined nor detached.
  mapping,  ///< Memory mapped by the program itself, not by its allocator.
  child     ///< A child process that runs or was not waited for.
};
inline constexpr std::uint32_t site_kind_count = 5;

/// Site 0 is no site. The next have, one for each kind, what could not be told: what is older than the probe, what
/// was made in ways that it does not see, and all that overflowed.
inline constexpr std::uint32_t unknown_site = 1;
inline constexpr std::uint32_t unknown_site_of(SiteKind kind) noexcept {
  return unknown_site + static_cast<std::uint32_t>(kind);
}
inline constexpr std::uint32_t first_known_site = unknown_site + site_kind_count;

/// A frame is a return address in the low 48 bits and the number of its module above; module 0 is not known.
inline constexpr std::uint64_t frame_address_bits = 48;
inline constexpr std::uint64_t frame_address_mask = (std::uint64_t{1} << frame_address_bits) - 1;

/// How a stack ended.
enum class StackEnd : std::uint32_t {
  complete,    ///< At the first function of the thread.
  stopped,     ///< At code without, or with unknown, unwinding rules: frames further out were not guessed.
  too_deep,    ///< After max_stack_depth frames; the innermost are kept.
  frames_full  ///< There was no room left for its frames.
};

struct alignas(64) Site {
  std::uint64_t hash = 0;  ///< Of all frames.
  std::uint32_t first_frame = 0, frame_count = 0;
  StackEnd end = StackEnd::complete;
  SiteKind kind = SiteKind::heap;
  std::atomic<std::uint32_t> is_ready{0};  ///< Written last.
};
static_assert(sizeof(Site) == 64);

/// What threads of one table did at one site. Frees are counted where the block was allocated. Of a resource,
/// `allocations` are made and `frees` are gone; bytes are those of mappings.
struct alignas(64) SiteCounters {
  std::int64_t allocations = 0, allocated_bytes = 0;
  std::int64_t frees = 0, freed_bytes = 0;
  std::int64_t live_slack_bytes = 0;  ///< What the allocator holds for live blocks beyond what was asked for.
};
static_assert(sizeof(SiteCounters) == 64);

struct SitePoint {
  std::int64_t live_bytes = 0, live_blocks = 0, live_requested_bytes = 0;
};

struct SiteCheckpoint {
  std::int64_t iteration = absent;
  std::int64_t monotonic_ns = absent;
  ReadingKind kind = ReadingKind::snapshot;
  std::uint32_t site_count = 0;  ///< Sites that there were then.
};

struct ModuleEntry {
  std::uint64_t begin = 0, end = 0;  ///< Addresses of the mapping; another module may have had them earlier.
  std::uint64_t load_bias = 0;       ///< Address in memory minus address in the file.
  std::uint32_t generation = 0;      ///< How many times code had been unmapped when it was first seen.
  std::uint32_t build_id_bytes = 0;
  std::uint8_t build_id[32] = {};
  char path[448] = {};  ///< Zero-terminated.
};
static_assert(sizeof(ModuleEntry) == 512);

struct SitesHeader {
  char unavailable[96] = {};                   ///< Why there are no sites; empty where there are.
  std::atomic<std::uint32_t> site_count{0};    ///< Numbers given out so far, those below first_known_site included.
  std::atomic<std::uint32_t> frame_count{0};   ///< May exceed frame_capacity: what was wanted.
  std::atomic<std::uint32_t> module_count{0};  ///< Numbers given out so far, 0 included.
  std::atomic<std::uint32_t> site_checkpoint_count{0};
  std::atomic<std::int64_t> site_overflows{0};  ///< Allocations that went to the unknown site for want of room.
  std::atomic<std::int64_t> module_overflows{0};
  std::atomic<std::int64_t> shadow_failures{0};  ///< Blocks whose site could not be kept: no address space.
  /// By kind: resources that there was no room to follow. They are among what could not be told.
  std::atomic<std::int64_t> resource_overflows[site_kind_count] = {};
};

}  // namespace soak::layout
