// Two runs side by side, for a terminal or in Markdown.
#pragma once

#include <string>
#include <vector>

#include "history/comparison.hpp"
#include "report/terminal_style.hpp"

namespace soak::report {

/// For a terminal: verdicts that changed, then each scenario that changed with its metrics, curves, call sites and
/// types, then a line about the others. Ends with a newline.
[[nodiscard]] std::string comparison_text(const history::Comparison& comparison, const TerminalStyle& style);

/// For a pull request, in GitHub's Markdown: a headline, a table of what changed, the rest folded. Ends with a
/// newline.
[[nodiscard]] std::string comparison_markdown(const history::Comparison& comparison);

// --- Words that both have in common, and trends too

/// A figure of a metric in its unit: "64 KiB", "1.2 us", "12.5".
[[nodiscard]] std::string figure_text(double value, record::Unit unit);
[[nodiscard]] std::string figure_text(const std::optional<double>& value, record::Unit unit);  ///< "-" if empty.

/// "+2 (+16.7 %)"; "not measured in head" and the like if there is no difference to show.
[[nodiscard]] std::string change_text(const history::MetricChange& change);
/// The evidence of a change: "exact", "p 0.008, head above in 96 % of pairs", "within noise 1.2 MiB".
[[nodiscard]] std::string evidence_text(const history::MetricChange& change);
/// "gate +0 % broken"; empty if there is no gate.
[[nodiscard]] std::string gate_text(const history::MetricChange& change);

/// "new   24 B/iter  cache.cpp:41 Cache::add (std::string)".
[[nodiscard]] std::string site_text(const history::SiteChange& change);
[[nodiscard]] std::string type_text(const history::TypeChange& change);

/// "base is 20260801T000000Z-abc, commit 0123456789ab, as main".
[[nodiscard]] std::string side_text(const std::string& side, const std::string& asked, const history::RunInfo& run);

/// The metrics that get a line: those that changed, have a gate, or could not be compared.
[[nodiscard]] std::vector<const history::MetricChange*> notable_metrics(const history::ScenarioComparison& scenario);

/// "times of 10 scenarios: not enough repetitions ..."; empty if all were compared.
[[nodiscard]] std::string times_not_compared(const history::Comparison& comparison);

/// "2 gates broken, 1 gate undecided", "3 of 10 scenarios changed".
[[nodiscard]] std::string headline(const history::Comparison& comparison);

}  // namespace soak::report
