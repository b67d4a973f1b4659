// What the probe left in its region, read from outside: while the child runs, or after it died in whatever way.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::run {

struct RegionContents {
  std::vector<record::Checkpoint> checkpoints;  ///< Of the last loop that began.
  std::optional<std::int64_t> planned_iterations;
  std::optional<std::int64_t> rss_before_trim_bytes, rss_after_trim_bytes;  ///< At the final checkpoint.
  std::optional<std::int64_t> baseline_rss_before_trim_bytes, baseline_rss_after_trim_bytes;
  std::int64_t checkpoints_dropped = 0;
  std::string heap_unavailable;  ///< Why the heap was not counted; empty where it was.
  std::string allocator;
};

/// Nothing where there is no region: the file is missing, too short, of another version, or not the probe's. Never
/// reads beyond the file, whatever stands in it.
[[nodiscard]] std::optional<RegionContents> read_region(const std::filesystem::path& file);

}  // namespace soak::run
