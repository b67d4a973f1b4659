// Call sites and live objects by type as the probe left them in its region: plain values with addresses and names as
// the compiler has them. symbols makes them readable.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::region {

struct RegionModule {
  std::string path;
  std::string build_id;  ///< Hexadecimal digits; empty where the file has none.
  std::uint64_t begin = 0, end = 0;
  std::uint64_t load_bias = 0;  ///< Address in memory minus address in the file.
};

/// What was alive of one site at one checkpoint.
struct SitePoint {
  std::int64_t iteration = 0, bytes = 0, blocks = 0;
  std::int64_t requested_bytes = 0;  ///< Without the allocator's rounding, which drifts for constant blocks.
};

/// Blocks of a site that hold objects whose vtables were found, when all live blocks were looked at.
struct TypedBlocks {
  std::int64_t blocks = 0, bytes = 0;
};

struct RegionSite {
  record::SiteKind kind = record::SiteKind::heap;
  std::vector<std::uint64_t> frames;         ///< Return addresses, innermost first; the probe's own left out.
  std::vector<std::uint32_t> frame_modules;  ///< For each frame the index into RegionSites::modules; 0: not known.
  bool is_complete = false;                  ///< The outermost frame is where the thread began.
  std::int64_t live_bytes = 0, live_blocks = 0;  ///< Blocks, or descriptors, threads, mappings, children.
  std::int64_t live_requested_bytes = 0;
  std::int64_t total_bytes = 0, total_blocks = 0;  ///< Ever allocated.
  TypedBlocks typed_at_baseline, typed_at_final, typed_at_end;
  std::vector<SitePoint> history;  ///< At the baseline, some checkpoints between, the final one.
};

struct RegionSites {
  std::string unavailable;  ///< Why there are none; empty where there are.
  /// The first is no module: frames outside of every known one.
  std::vector<RegionModule> modules;
  /// The first, one for each kind, have what could not be attributed, without frames: what is older than the probe,
  /// was made where it does not see, or overflowed. Those of descriptors, threads and children are right as of the
  /// last reading only.
  std::vector<RegionSite> sites;
  std::int64_t overflowed_allocations = 0;  ///< Attributed to the first sites for want of room.
  /// Of blocks that were never allocated through the probe. Known only with call sites on; not among the frees.
  std::int64_t foreign_frees = 0;
  std::int64_t overflowed_resources = 0;  ///< Those that there was no room to follow.
};

/// Nothing where the file is no region or its process ran without call sites. Never reads beyond the file, whatever
/// stands in it.
[[nodiscard]] std::optional<RegionSites> read_region_sites(const std::filesystem::path& file);

// ---- live objects by type: names as the compiler has them ----

struct RegionType {
  std::string name;  ///< As std::type_info::name() has it, or any text of the program's.
  record::TypeSource source = record::TypeSource::counted;
  /// At the readings where it was counted; one without an iteration (probe::absent) is the program's end.
  std::vector<record::LivePoint> history;
};

struct RegionTypes {
  std::string vtables_unavailable;  ///< Why live blocks were not looked at, though call sites were on; else empty.
  std::int64_t overflows = 0;       ///< Types, at all readings together, that there was no room for.
  std::vector<RegionType> types;
};

/// Empty where the file is no region or nothing was counted. Never reads beyond the file.
[[nodiscard]] RegionTypes read_region_types(const std::filesystem::path& file);

}  // namespace soak::region
