// How far a series lies from a curve.
#pragma once

#include <span>

#include "verdict/growth.hpp"

namespace soak::verdict {

/// The form of a curve over the iterations since it began.
using Form = double (*)(double);

/// The mean square of what a + b * form(iteration - begin) leaves over, with a and b by least squares, divided by
/// what the series grows by. Where things come one by one and by chance, that is alike for long and for short parts
/// of a series, if the form is theirs. Infinite where nothing grows. No reading is before `begin`.
[[nodiscard]] double misfit(std::span<const Sample> series, Form form, std::int64_t begin);

}  // namespace soak::verdict
