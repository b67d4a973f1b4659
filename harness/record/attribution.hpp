// Where what is alive came from: call sites with resolved stacks, and live objects by type. A part of the run record.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace soak::record {

/// One function on a stack. Inlined functions have frames of their own.
struct Frame {
  std::string function;  ///< Short, for people; `module+0xoffset` where there is no name.
  std::string file;      ///< Empty without debug info.
  int line = 0;          ///< 0: not known.
  std::string module;    ///< Path; empty where the address lay in none.
  bool is_inlined = false;

  bool operator==(const Frame&) const = default;
};

/// What a call site makes: memory from malloc and its family, open descriptors, threads that run or were not joined,
/// mapped memory, child processes that run or were not waited for.
enum class SiteKind { heap, descriptor, thread, mapping, child };

/// What was alive of a site, or of a type, at one checkpoint. Bytes are 0 where only things are counted.
struct LivePoint {
  std::int64_t iteration = 0;
  std::int64_t bytes = 0, count = 0;
  std::optional<std::int64_t> requested_bytes = {};  ///< Without the allocator's rounding. Of heap sites.

  bool operator==(const LivePoint&) const = default;
};

/// One stack that made something. The line is that of the innermost frame in code that the reader can change.
struct CallSite {
  SiteKind kind = SiteKind::heap;
  std::string function, file;
  int line = 0;
  std::string type;          ///< What was allocated; empty where no frame tells.
  std::vector<Frame> stack;  ///< Innermost first.
  bool is_stack_complete = false;
  std::int64_t total_bytes = 0, total_count = 0;  ///< Ever made.
  std::vector<LivePoint> history;                 ///< Baseline first, ascending in iterations, final last.
};

/// How objects of a type were told.
enum class TypeSource {
  vtable,   ///< The first word of a live block points to the type's vtable.
  frames,   ///< The allocator's or constructor's frame on the stack names it.
  counted,  ///< soak::Counted<T>: exact.
};

struct LiveType {
  std::string name;
  TypeSource source = TypeSource::frames;
  std::vector<LivePoint> history;  ///< At least baseline and final.
};

/// What was measured with call sites on. Sites that are left out of `sites` for their number are summed up.
struct Attribution {
  std::string unavailable;  ///< Why there is none; empty where there is.
  std::vector<CallSite> sites;
  std::int64_t omitted_sites = 0, omitted_live_bytes = 0, omitted_live_blocks = 0;
  std::int64_t unattributed_live_bytes = 0, unattributed_live_blocks = 0;  ///< Older than the probe, or overflowed.
  std::int64_t overflowed_allocations = 0;     ///< Attributed to no site for want of room.
  std::optional<double> typed_blocks_percent;  ///< Of the blocks alive at the end.
};

}  // namespace soak::record
