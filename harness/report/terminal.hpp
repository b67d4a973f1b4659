// The verdict for a terminal; `soak run` and `soak check` print the same.
#pragma once

#include <string>

#include "report/subject.hpp"
#include "report/terminal_stories.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// A table with a line a scenario; then, for each that did not pass, its story; then what sums up. Control characters
/// in names and messages are shown, not obeyed. Ends with a newline.
[[nodiscard]] std::string render_terminal(const Subject& subject, const TerminalStyle& style,
                                          Detail detail = Detail::summary);

}  // namespace soak::report
