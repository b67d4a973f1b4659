// The two sets of rules behind classify().
#pragma once

#include "verdict/shape.hpp"

namespace soak::verdict {

/// Of readings that are exact, by what is kept: at each reading the lowest level that the figure ever returns to
/// afterwards.
[[nodiscard]] SeriesShape exact_shape(std::span<const Sample> series, std::int64_t tolerance);

/// Of what is kept: a series that never falls. `Shape::unknown` where it has fewer than 6 readings. `wavering` is how
/// far the figure itself moves up and down where it stands: rising by as much, it may have stopped.
[[nodiscard]] SeriesShape kept_shape(std::span<const Sample> kept, std::int64_t tolerance, std::int64_t wavering = 0);

/// Of readings with noise, by the trends of the whole and of both halves.
[[nodiscard]] SeriesShape noisy_shape(std::span<const Sample> series);

}  // namespace soak::verdict
