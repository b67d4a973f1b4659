// What the probe left in its region, read from outside: while the child runs, or after it died in whatever way.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::region {

/// What the process holds and did, summed over its threads. While it runs, threads are caught in mid-step.
struct HeapTotals {
  std::int64_t bytes = 0, blocks = 0;  ///< Alive: allocated and not freed.
  std::int64_t allocations = 0, frees = 0;
  std::int64_t peak_bytes = 0;  ///< Within probe::peak_step_bytes a thread.

  bool operator==(const HeapTotals&) const = default;
};

/// `running` stays where the process was killed: only the end of main or exit() is an end.
enum class RegionState { none, running, ended };

struct RegionContents {
  std::vector<record::Checkpoint> checkpoints;  ///< Of the last loop that began.
  std::optional<std::int64_t> planned_iterations;
  std::optional<std::int64_t> rss_before_trim_bytes, rss_after_trim_bytes;  ///< At the final checkpoint.
  std::optional<std::int64_t> baseline_rss_before_trim_bytes, baseline_rss_after_trim_bytes;
  /// Live heap from the begin of SetUp to the baseline, and from the final checkpoint to the end of TearDown.
  std::optional<std::int64_t> setup_growth_bytes, teardown_growth_bytes;
  std::optional<std::int64_t> preemptions;  ///< From the baseline to the final checkpoint.
  std::int64_t checkpoints_dropped = 0;
  bool is_fixed = false;         ///< The scenario says that it cannot be scaled.
  std::string heap_unavailable;  ///< Why the heap was not counted; empty where it was.
  std::string allocator;
  std::string mode;  ///< `counters` or `sites`.
  RegionState state = RegionState::none;
  /// Now, or when the process went: after its static destructors, if it got there. Nothing where not counted.
  std::optional<HeapTotals> heap;
  std::optional<HeapTotals> heap_at_end;       ///< When main returned or exit was called; nothing before.
  std::optional<std::int64_t> open_files;      ///< At the end, else at the last checkpoint.
  std::optional<record::Checkpoint> at_start;  ///< Before main began: heap and open files.
  std::optional<record::Checkpoint> at_end;    ///< When main returned or exit was called.
  std::int64_t iterations_counted = 0;         ///< Calls of soak_iteration().
  std::uint32_t exec_count = 0;                ///< How often the process replaced its image.
};

/// Nothing where there is no region: the file is missing, too short, of another version, or not the probe's. Never
/// reads beyond the file, whatever stands in it.
[[nodiscard]] std::optional<RegionContents> read_region(const std::filesystem::path& file);

}  // namespace soak::region
