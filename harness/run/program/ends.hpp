// What a program held when its main began and when it ended, as two checkpoints.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "record/record.hpp"
#include "run/region_reader.hpp"

namespace soak::run {

/// Baseline at 0 and final at `iterations`. What the region does not know of the end, `last_sample` may.
[[nodiscard]] std::vector<record::Checkpoint> ends_of(const std::optional<RegionContents>& region,
                                                      const std::optional<record::Checkpoint>& last_sample,
                                                      std::int64_t iterations);

}  // namespace soak::run
