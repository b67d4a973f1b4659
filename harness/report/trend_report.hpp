// Metrics over commits, drawn.
#pragma once

#include <string>

#include "history/metric_trend.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// For a terminal. Of one metric of one scenario a plot and a line a commit; of several a line each, and every change
/// below. Ends with a newline.
[[nodiscard]] std::string trend_text(const history::Trend& trend, const TerminalStyle& style);

}  // namespace soak::report
