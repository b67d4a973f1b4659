// Whether a figure goes on growing, told without statistics: exact counters need none.
//
// The judged part of the run is cut into three windows of equal width. Memory that comes and goes, such as a bounded
// ring, a cache with expiry, a saw-tooth, touches the same floor in each window; a leak leaves no reading of the last
// window at or below the highest of the first.
//
//            |  first   |  middle  |   last
//      leak  |     . '  |   . '    |  . '       lowest of last > highest of first: rises
//      ring  | '. .' '. | .' '. .' | '. .' '    overlap: does not
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

struct WindowedGrowth {
  Sample first_low, last_low;   ///< The lowest readings of the first and of the last window; the earliest of equals.
  std::int64_t first_high = 0;  ///< The highest of the first window.
  std::int64_t last_high = 0;
  std::int64_t total = 0;           ///< From the first reading judged to the last one.
  std::int64_t gap_iterations = 0;  ///< From the end of the first window to the begin of the last. Positive.

  /// Between the two lowest readings.
  [[nodiscard]] double per_iteration() const;
  [[nodiscard]] bool rises() const { return last_low.value > first_high; }
  [[nodiscard]] bool falls() const { return last_high < first_low.value; }
  /// How far readings lie apart that no growth need tell apart: within a window, or where the windows overlap. What
  /// grows by more over the gap rises.
  [[nodiscard]] std::int64_t noise() const;
};

/// The part of a series at and after an iteration.
[[nodiscard]] std::span<const Sample> from_iteration(const Series& series, std::int64_t iteration);

/// Empty where there is too little to tell: fewer than 6 readings, or fewer than 3 iterations from first to last.
[[nodiscard]] std::optional<WindowedGrowth> growth_over_windows(std::span<const Sample> judged);

/// At each reading the lowest level that the figure returns to then or later: what comes and goes is taken off.
[[nodiscard]] Series kept_of(std::span<const Sample> series);

/// Without up to three steps, each a quarter of all growth or five times what is usual between readings: where they
/// stand is chance, and tells nothing about what grows beside them.
[[nodiscard]] Series without_large_steps(std::span<const Sample> series);

/// At least three steps, none down, more than half of them up.
[[nodiscard]] bool rises_steadily(std::span<const Sample> series);

}  // namespace soak::verdict
