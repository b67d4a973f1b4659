// Readings of one figure over the iterations of one run, and what can be seen in them without statistics.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace soak::verdict {

/// A figure after so many iterations.
struct Sample {
  std::int64_t iteration = 0;
  std::int64_t value = 0;
};

/// Ascending in `iteration`.
using Series = std::vector<Sample>;

/// The part of a series at and after an iteration.
[[nodiscard]] std::span<const Sample> from_iteration(std::span<const Sample> series, std::int64_t iteration);

/// Last minus first; 0 of an empty series.
[[nodiscard]] std::int64_t growth_of(std::span<const Sample> series);

/// Highest minus lowest. The series must not be empty.
[[nodiscard]] std::int64_t range_of(std::span<const Sample> series);

/// At each reading the lowest level that the figure returns to then or later: what comes and goes is taken off.
[[nodiscard]] Series kept_of(std::span<const Sample> series);

/// How far the figure falls back at most from a level that it had reached: of growth and steps 0, of noise its range.
[[nodiscard]] std::int64_t fallback_of(std::span<const Sample> series);

/// Without up to three steps, each a quarter of all growth or five times what is usual between readings: where they
/// stand is chance, and says nothing about what grows beside them.
[[nodiscard]] Series without_large_steps(std::span<const Sample> series);

/// A series cut into three windows of equal width. Memory that comes and goes, such as a bounded ring, a cache with
/// expiry or a saw-tooth, touches the same floor in each; a leak leaves no reading of the last window at or below the
/// highest of the first.
///
///            |  first   |  middle  |   last
///      leak  |     . '  |   . '    |  . '       lowest of last > highest of first: rises
///      ring  | '. .' '. | .' '. .' | '. .' '    overlap: does not
struct WindowedGrowth {
  Sample first_low, last_low;                  ///< The lowest readings; the earliest of equals.
  std::int64_t first_high = 0, last_high = 0;  ///< The highest readings.

  /// Between the two lowest readings.
  [[nodiscard]] double per_iteration() const;
  [[nodiscard]] bool rises() const { return last_low.value > first_high; }
  [[nodiscard]] bool falls() const { return last_high < first_low.value; }
};

/// Empty if there is too little to compare: fewer than 6 readings, or fewer than 3 iterations from first to last.
[[nodiscard]] std::optional<WindowedGrowth> growth_over_windows(std::span<const Sample> series);

}  // namespace soak::verdict
