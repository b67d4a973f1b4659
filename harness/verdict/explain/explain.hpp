// Explain: what a finding's growth is made of, and why, from the run that had call sites on.
#pragma once

#include <vector>

#include "record/record.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

/// Fills in `sites`, `caches` and `likely_cause` of each finding that the scenario's explained run has call sites
/// for; verdicts stay what they are. A run that died on the way explains as far as it came.
void explain_findings(const record::Scenario& scenario, std::vector<Finding>& findings);

/// Why the explained run has no call sites; empty where it has, or where there was none.
[[nodiscard]] std::string why_not_explained(const record::Scenario& scenario);

}  // namespace soak::verdict
