// How a figure grew within one run: the model of growth.hpp on its readings.
#pragma once

#include "verdict/growth.hpp"

namespace soak::verdict {

/// `tolerance` is growth that means nothing, such as an allocator's rounding. Of 6 readings at least, of 8 if they
/// are noisy; otherwise unknown, or flat if all are alike.
[[nodiscard]] Growth growth_in_run(std::span<const Sample> series, Reader reader, std::int64_t tolerance = 0);

}  // namespace soak::verdict
