// Metrics over commits, for a terminal.
#pragma once

#include <string>

#include "history/metric_trend.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// One metric of one scenario is shown as a plot and a line per commit, several in a line each with every change
/// below. Ends with a newline.
[[nodiscard]] std::string trend_text(const history::Trend& trend, const TerminalStyle& style);

}  // namespace soak::report
