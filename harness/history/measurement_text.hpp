// A measurement as text, for the store: compact JSON, so that any client of the database can read it too.
#pragma once

#include <string>
#include <string_view>

#include "history/measurement.hpp"

namespace soak::history {

using Figures = std::map<std::string, std::vector<double>>;

/// {"heap_peak_bytes": [4096], ...}: a value a repetition. What is not finite is left out.
[[nodiscard]] std::string figures_text(const Figures& figures);
/// Curves, call sites and types. Curves are written as differences from one checkpoint to the next: most are short.
[[nodiscard]] std::string details_text(const Measurement& measurement);
[[nodiscard]] std::string fingerprint_text(const record::Fingerprint& fingerprint);

// Back. `origin` is named in the UnreadableRecord that they throw where the text is none of the above.
[[nodiscard]] Figures read_figures(std::string_view text, const std::string& origin);
void read_details(std::string_view text, const std::string& origin, Measurement& measurement);
[[nodiscard]] record::Fingerprint read_fingerprint(std::string_view text, const std::string& origin);

}  // namespace soak::history
