// The shape in which a figure grew over the iterations of one run, and whether that growth goes on.
//
// Told of anything that was read now and then: live heap, resident memory, counts, one call site's blocks, the
// objects of one type. What the shape of one run amounts to, runs of other lengths decide: see scaling.hpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "verdict/growth.hpp"

namespace soak::verdict {

/// In the order of how much they tell of a leak, least first.
enum class Shape {
  unknown,       ///< Too little to tell.
  flat,          ///< Nothing grew.
  warm_up,       ///< Grew, and stopped.
  step,          ///< Grew once, at one place.
  saw_tooth,     ///< Comes and goes: what is there at the troughs does not grow.
  logarithmic,   ///< Each doubling of the iterations adds as much as the one before.
  square_root,   ///< Four times as long adds twice as much.
  intermittent,  ///< In jumps now and then, as many late as early.
  linear,        ///< Four times as long adds four times as much; also steps that keep pace, as capacity that doubles.
  faster,        ///< More than that.
};

/// True of what still grows at the end of the run: logarithmic and all after it.
[[nodiscard]] constexpr bool goes_on(Shape shape) { return shape >= Shape::logarithmic; }
/// True of what keeps pace with the iterations: intermittent, linear, faster.
[[nodiscard]] constexpr bool keeps_pace(Shape shape) { return shape >= Shape::intermittent; }

/// How a figure was read.
enum class Reader {
  exact,  ///< Counted: heap, blocks, descriptors. It may come and go, but what it says is so.
  noisy,  ///< Estimated, or moved by others: resident memory. Trends are told by statistics.
};

/// A range that holds the true value with 95 % probability.
struct Interval {
  double low = 0, high = 0;
};

struct SeriesShape {
  Shape shape = Shape::unknown;
  double per_iteration = 0;  ///< Of the growth that goes on; 0 where none does. Noisy: whatever the trend.
  std::optional<Interval> interval = {};  ///< Of `per_iteration`; of noisy figures only.
  std::int64_t since_iteration = 0;  ///< The shape holds from here on: where a step stands, where growth stopped.
};

/// The shape of `series`, which ascends in iterations; of 6 readings at least, of 8 where they are noisy, else
/// `unknown` (or `flat` where all are alike). `tolerance` is growth that means nothing: an allocator's rounding.
[[nodiscard]] SeriesShape classify(std::span<const Sample> series, Reader reader, std::int64_t tolerance = 0);

}  // namespace soak::verdict
