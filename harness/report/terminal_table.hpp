// The table of scenarios.
#pragma once

#include <string>

#include "report/subject.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// A line a scenario, below a head. On a narrow terminal the limits give way, then the curve, then the middle of
/// names.
[[nodiscard]] std::string render_table(const Subject& subject, const TerminalStyle& style);

/// `text` in the colour of the verdict, where there is colour.
[[nodiscard]] std::string in_color_of(verdict::Verdict verdict, std::string_view text, const TerminalStyle& style);

}  // namespace soak::report
