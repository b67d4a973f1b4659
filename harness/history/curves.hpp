// The readings of a repetition as curves, and what can be read off two of them.
#pragma once

#include <vector>

#include "history/comparison.hpp"
#include "history/measurement.hpp"

namespace soak::history {

/// Of the readings that are compared: heap, resident memory, open files, threads, allocations.
[[nodiscard]] Curves curves_of(const std::vector<record::Checkpoint>& checkpoints);

/// Readings that both have. `tolerance_bytes` is what heap bytes may differ by and mean nothing.
[[nodiscard]] std::vector<CurvePair> compare_curves(const Curves& base, const Curves& head,
                                                    std::int64_t tolerance_bytes);

}  // namespace soak::history
