// SARIF, for code scanning; and the fingerprint that a finding keeps from night to night.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// SARIF 2.1.0 as GitHub's code scanning takes it: the leaking line as location, the stack as code flow.
[[nodiscard]] std::string render_sarif(const Subject& subject);

/// Identifies a finding from night to night, whatever moves around it: 16 hexadecimal digits over scenario, kind and,
/// if a call site explains it, the functions of its stack. Lines, addresses and paths are left out because they
/// change with every edit.
[[nodiscard]] std::string fingerprint_of(const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding);

}  // namespace soak::report
