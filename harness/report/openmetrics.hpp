// OpenMetrics text, and the names that the figures of a scenario have in every format for machines.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "report/subject.hpp"
#include "verdict/verdict.hpp"

namespace soak::report {

/// OpenMetrics text, which Prometheus' textfile collector reads too.
[[nodiscard]] std::string render_openmetrics(const Subject& subject);

// --- Figures

struct Metric {
  std::string_view name;  ///< `[a-z_]`, with the unit.
  std::string_view help;
  std::optional<double> value;  ///< Finite; empty: not measured.
};

/// Always the same metrics in the same order.
[[nodiscard]] std::vector<Metric> metrics_of(const verdict::ScenarioVerdict& scenario);

/// The shortest text that reads as the same number: "24", "0.25", "1e+30".
[[nodiscard]] std::string number_text(double value);

/// Three significant digits and no exponent, so that values that differ only by noise mostly read alike.
[[nodiscard]] std::string rounded_text(double value);

/// Text as it may stand between OpenMetrics' quotes: backslashes and quotes are escaped, control characters are
/// shown, so that a line stays a line.
[[nodiscard]] std::string label_value(std::string_view text);

}  // namespace soak::report
