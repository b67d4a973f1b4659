// Text as OpenMetrics has it between quotes.
#pragma once

#include <string>
#include <string_view>

namespace soak::report {

/// Backslashes and quotes escaped; controls shown, so that a line stays a line.
[[nodiscard]] std::string label_value(std::string_view text);

}  // namespace soak::report
