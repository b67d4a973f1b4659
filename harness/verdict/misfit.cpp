#include "verdict/misfit.hpp"

#include <cmath>

namespace soak::verdict {

double misfit(std::span<const Sample> series, Form form, std::int64_t begin) {
  if (series.size() < 3 || series.back().value <= series.front().value) return HUGE_VAL;
  const auto n = static_cast<double>(series.size());
  const auto x_of = [&](const Sample& sample) { return form(static_cast<double>(sample.iteration - begin)); };
  double x_mean = 0, y_mean = 0;
  for (const auto& sample : series) {
    x_mean += x_of(sample) / n;
    y_mean += static_cast<double>(sample.value) / n;
  }
  double xx = 0, xy = 0, yy = 0;
  for (const auto& sample : series) {
    const auto x = x_of(sample) - x_mean, y = static_cast<double>(sample.value) - y_mean;
    xx += x * x;
    xy += x * y;
    yy += y * y;
  }
  if (xx <= 0) return HUGE_VAL;
  return (yy - xy * xy / xx) / n / static_cast<double>(series.back().value - series.front().value);
}

}  // namespace soak::verdict
