// A curve in one line of text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "record/record.hpp"

namespace soak::report {

enum class Glyphs { unicode, ascii };

/// Where a curve stands after so many iterations.
using CurvePoint = std::pair<std::int64_t, std::int64_t>;

/// The live heap at the checkpoints of a repetition; resident memory where the heap was not counted. Empty where
/// neither was.
[[nodiscard]] std::vector<CurvePoint> heap_curve(const record::Repetition& repetition);

/// `columns` characters, each as high as the curve's highest point in its part of the iterations. The lowest point of
/// the curve is the bottom; what rises by less than `least_span` does not reach the top: noise stays low. Empty where
/// there are fewer than two points.
[[nodiscard]] std::string sparkline(const std::vector<CurvePoint>& points, std::size_t columns,
                                    std::int64_t least_span, Glyphs glyphs);

}  // namespace soak::report
