// The words that all formats have in common. Each is one line, safe on a terminal and in every format that escapes
// its own special characters.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// "over threshold".
[[nodiscard]] std::string words(verdict::Verdict verdict);

/// "peak limit after 42 min, memory limit after 3 days": at this rate; empty if no limit is in sight.
[[nodiscard]] std::string time_to_trouble(const verdict::ScenarioVerdict& scenario);

/// The message of a finding. If the finding is waived, "waived until 2026-12-31: " stands before and the reason
/// after.
[[nodiscard]] std::string message_of(const verdict::Finding& finding);

/// "98 %", "< 1 %".
[[nodiscard]] std::string share_of(const verdict::SiteGrowth& growth);

/// "23.5 B/iter", or "0.5/iter" for things that are only counted.
[[nodiscard]] std::string rate_of(const verdict::SiteGrowth& growth);

/// "scenarios/retry/log.cpp:41"; the module's name if there is no line.
[[nodiscard]] std::string place_of(const Subject& subject, const record::CallSite& site);
[[nodiscard]] std::string place_of(const Subject& subject, const record::Frame& frame);

/// The function, or the module if the function has no name.
[[nodiscard]] std::string function_of(const record::CallSite& site);

/// "9 passed, 1 leak, 2 errors"; "nothing was run".
[[nodiscard]] std::string counts_of(const verdict::RunVerdict& run);

/// The command that shows all of this scenario; empty if there is no record.
[[nodiscard]] std::string show_command(const Subject& subject, const std::string& scenario);

/// 12345678 as "12,345,678".
[[nodiscard]] std::string with_separators(std::int64_t number);

}  // namespace soak::report
