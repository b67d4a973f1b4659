// Two runs side by side, drawn.
#pragma once

#include <string>

#include "history/comparison.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// For a terminal: verdicts that changed, then each scenario that changed with its metrics, curves, call sites and
/// types; a line about those that did not. Ends with a newline.
[[nodiscard]] std::string comparison_text(const history::Comparison& comparison, const TerminalStyle& style);

/// For a pull request, in GitHub's Markdown: a headline, a table of what changed, the rest folded. Ends with a
/// newline.
[[nodiscard]] std::string comparison_markdown(const history::Comparison& comparison);

}  // namespace soak::report
