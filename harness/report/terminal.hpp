// The verdict for a terminal; `soak run` and `soak check` print the same.
#pragma once

#include <string>

#include "report/subject.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

enum class Detail {
  summary,  ///< The sites that matter, in one line each.
  full,     ///< Every site, with its stack.
};

/// A table with a line per scenario, then the story of each that did not pass, then a summary. Control characters in
/// names and messages are shown, not obeyed. Ends with a newline.
[[nodiscard]] std::string render_terminal(const Subject& subject, const TerminalStyle& style,
                                          Detail detail = Detail::summary);

/// The table of scenarios: a line per scenario, below a head. On a narrow terminal the limits give way, then the
/// curve, then the middle of names.
[[nodiscard]] std::string render_table(const Subject& subject, const TerminalStyle& style);

/// `text` in the colour of the verdict, if the style has colours.
[[nodiscard]] std::string in_color_of(verdict::Verdict verdict, std::string_view text, const TerminalStyle& style);

/// A short story per failure: what grew, how fast, since when, where, the likely cause, and what to do next. Most
/// urgent first, with an empty line before each.
[[nodiscard]] std::string render_stories(const Subject& subject, const TerminalStyle& style, Detail detail);

}  // namespace soak::report
