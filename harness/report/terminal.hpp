// The verdict as a table for a terminal; `soak run` and `soak check` print the same.
#pragma once

#include <string>

#include "report/terminal_style.hpp"
#include "verdict/verdict.hpp"

namespace soak::report {

/// A table with a line a scenario; then, for each that did not pass, a sentence a finding and the command that runs
/// it again; then a line that sums up. Control characters in names and messages are shown, not obeyed. Ends with a
/// newline.
[[nodiscard]] std::string render_terminal(const verdict::RunVerdict& run, const TerminalStyle& style);

}  // namespace soak::report
