#include "verdict/shape.hpp"

#include <algorithm>

#include "verdict/shape_rules.hpp"

namespace soak::verdict {

SeriesShape classify(std::span<const Sample> series, Reader reader, std::int64_t tolerance) {
  if (series.empty()) return {};
  const auto [low, high] = std::ranges::minmax(series, {}, &Sample::value);
  if (high.value - low.value <= tolerance) return {Shape::flat, 0, {}, series.front().iteration};
  return reader == Reader::exact ? exact_shape(series, tolerance) : noisy_shape(series);
}

}  // namespace soak::verdict
