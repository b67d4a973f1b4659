// How each figure of a run grew, for readers and reports; the rules above them decide.
#pragma once

#include <vector>

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Of every figure that was measured, in a fixed order. `is_pass` fills in what would have been seen.
[[nodiscard]] std::vector<MetricShape> metric_shapes(const Evidence& evidence, bool is_pass);

}  // namespace soak::verdict
