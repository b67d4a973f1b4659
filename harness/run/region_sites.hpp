// Call sites as the probe left them in its region, as plain values: addresses, not names yet.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace soak::run {

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

struct RegionSite {
  std::vector<std::uint64_t> frames;         ///< Return addresses, innermost first; the probe's own left out.
  std::vector<std::uint32_t> frame_modules;  ///< For each frame the index into RegionSites::modules; 0: not known.
  bool is_complete = false;                  ///< The outermost frame is where the thread began.
  std::int64_t live_bytes = 0, live_blocks = 0;
  std::int64_t live_requested_bytes = 0;
  std::int64_t total_bytes = 0, total_blocks = 0;  ///< Ever allocated.
  std::vector<SitePoint> history;                  ///< At the baseline, some checkpoints between, the final one.
};

struct RegionSites {
  std::string unavailable;  ///< Why there are none; empty where there are.
  /// The first is no module: frames outside of every known one.
  std::vector<RegionModule> modules;
  /// The first has what could not be attributed, without frames: blocks older than the probe, and what overflowed.
  std::vector<RegionSite> sites;
  std::int64_t overflowed_allocations = 0;  ///< Attributed to the first site for want of room.
};

/// Nothing where the file is no region or its process ran without call sites. Never reads beyond the file, whatever
/// stands in it.
[[nodiscard]] std::optional<RegionSites> read_region_sites(const std::filesystem::path& file);

}  // namespace soak::run
