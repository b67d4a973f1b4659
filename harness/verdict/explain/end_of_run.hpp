// How a figure stood when a run ended, in whatever way.
#pragma once

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// The figure was still growing at the last checkpoint.
[[nodiscard]] bool was_growing(const record::Repetition& run, Reading reading);

/// The run came to no good end, and its live heap was growing when it did: it may have died of that.
[[nodiscard]] bool died_growing(const record::Repetition& run);

}  // namespace soak::verdict
