// The model of growth: one function that says of any figure, over any runs of one scenario, whether it has stopped,
// grows ever slower, keeps pace with the iterations, or grows faster.
//
// Looked at is the level that is kept, and what spans of iterations add to it. A figure that grows as the power e of
// the iterations adds known parts of its growth in each span, wherever the spans lie; so what the last span added is
// compared with the one before it, and no lengths need to be multiples of each other. Exact figures are the case
// without noise; noisy ones are compared by trends with intervals.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "verdict/series.hpp"

namespace soak::verdict {

/// In the order of how much they say about a leak, least first.
enum class Shape {
  unknown,  ///< Too little to say.
  flat,     ///< Nothing grew, or what grew went again.
  stopped,  ///< Grew, and stopped; or what is still to come is bounded.
  slower,   ///< Grows ever slower, and goes on: a logarithm, a square root.
  linear,   ///< Keeps pace with the iterations: a line, steps now and then, capacity that doubles.
  faster,   ///< More than that.
};

/// True of what still grows at the end.
[[nodiscard]] constexpr bool goes_on(Shape shape) { return shape >= Shape::slower; }
[[nodiscard]] constexpr bool keeps_pace(Shape shape) { return shape >= Shape::linear; }

/// As in verdict.json: "flat", "warm-up, then flat", ...
[[nodiscard]] std::string to_string(Shape shape);

/// How a figure was read.
enum class Reader {
  exact,  ///< Counted: heap, blocks, descriptors. It may come and go, but what it says is so.
  noisy,  ///< Estimated, or moved by others: resident memory. Trends are judged by statistics.
};

/// A range that holds the true value with the probability that its user states, 95 % if none.
struct Interval {
  double low = 0, high = 0;
};

/// What one span of iterations added, per iteration: a line of the reasons for a verdict.
struct GrowthSpan {
  std::int64_t from = 0, to = 0;  ///< Iterations.
  double slope = 0;
  std::optional<Interval> interval = {};  ///< Of noisy spans.
};

struct Growth {
  Shape shape = Shape::unknown;
  double per_iteration = 0;               ///< Of the growth that goes on; 0 if none does. Noisy: whatever the trend.
  std::optional<Interval> interval = {};  ///< Of `per_iteration`; of noisy figures only.
  std::int64_t since_iteration = 0;       ///< The shape holds from here on: where growth stopped, or became a line.
  std::vector<GrowthSpan> spans = {};     ///< What was compared.
  std::string rule = {};                  ///< Which rule decided: a sentence for `soak check --why`.
};

/// Where a figure stood, against the baseline, at the end of a run of so many iterations.
struct RunEnd {
  std::int64_t iterations = 0;
  std::int64_t growth = 0;
};

/// One figure over the runs of a scenario. A program that is measured at its end has ends only.
struct FigureOverRuns {
  std::vector<RunEnd> ends;       ///< Ascending.
  std::vector<Series> runs = {};  ///< The readings of each, if there are any; as many as `ends`.
  std::int64_t tolerance = 0;     ///< Growth that means nothing.
  double limit = 0;               ///< Growth per iteration up to which a slope is accepted.
  bool has_slopes = false;        ///< Slopes within runs count as well as ends: of live heap.
};

/// Several runs are one longer run whose spans go on: a run of 4N adds the span from N to 4N. What warm-up added once
/// is in all ends and falls out. The longest run must bear out what the ends say, since ends may stand where chance
/// put them.
[[nodiscard]] Growth growth_over_runs(const FigureOverRuns& figure);

/// Between the two longest runs. 0 if there are not two.
[[nodiscard]] double growth_per_iteration(const std::vector<RunEnd>& ends);

/// That a figure certainly rose, by more than `tolerance` and faster than `limit`: what makes it a suspect.
struct Rise {
  double per_iteration = 0;
  std::optional<Interval> interval = {};  ///< 99.9 %. Given if what comes and goes hides the rise from the eye.
};

/// Whichever part of the readings it rose in. Exact figures that never fall back rise by any step; those that come
/// and go if the lowest reading of their last third is above the highest of their first, or by a trend that is
/// certain.
[[nodiscard]] std::optional<Rise> certain_rise(std::span<const Sample> judged, std::int64_t tolerance, double limit);

/// With a leak of so many units per iteration on top, in whole pieces of `unit`.
[[nodiscard]] Series planted(std::span<const Sample> series, double per_iteration, std::int64_t unit);

/// What a figure that comes and goes would be without the steepest slope that may be hidden in it, at 99.9 %: what
/// leaks are planted on, so that a leak that is there already makes no claim smaller.
[[nodiscard]] Series without_what_noise_may_add(std::span<const Sample> series);

/// The smallest rate for which `shows` is true, for it and for all that are larger: what a pass may claim that it
/// would have detected. `shows` is a rule, asked with leaks planted. Empty if not even `largest` shows, or if
/// everything does.
[[nodiscard]] std::optional<double> smallest_rate(const std::function<bool(double)>& shows, double largest);

/// What the span from x1 to x2 adds compared with the span from x0 to x1, of a figure that grows as the power
/// `exponent`.
[[nodiscard]] double ratio_of_spans(double exponent, double x0, double x1, double x2);

/// By what two spans that follow each other added. `unknown` if only the second added anything.
[[nodiscard]] Shape shape_of_spans(double x0, double x1, double x2, double added_first, double added_last);

}  // namespace soak::verdict
