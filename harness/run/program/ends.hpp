// What a program held when its main began and when it ended, as two checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "record/record.hpp"
#include "region/region_reader.hpp"

namespace soak::run {

/// What was seen of a program from outside.
struct SeenOutside {
  std::optional<record::Checkpoint> last_sample;
  std::optional<std::int64_t> max_rss_bytes;  ///< See record::Repetition.
  double wall_seconds = 0;                    ///< From its start to its end.
};

/// Baseline at 0 and final at `iterations`. What the region does not know of the end is taken from outside: a sample
/// of the second half of its life stands for its end, an earlier one for nothing; its peak is the kernel's.
[[nodiscard]] std::vector<record::Checkpoint> ends_of(const std::optional<region::RegionContents>& region,
                                                      const SeenOutside& outside, std::int64_t iterations);

}  // namespace soak::run
