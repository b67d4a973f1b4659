// The data that the page draws, as JSON.
#pragma once

#include <cstddef>

#include "report/json_text.hpp"
#include "report/subject.hpp"

namespace soak::report {

/// The overview: the run, and every scenario in a few figures.
[[nodiscard]] Json overview_json(const Subject& subject);

/// The details of one scenario: readings, call sites, types. The page reads them only when they are looked at.
[[nodiscard]] Json detail_json(const Subject& subject, const JudgedScenario& scenario);

/// Findings, as both overview and detail show them, with at most `most_sites` call sites each.
[[nodiscard]] Json findings_json(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                                 std::size_t most_sites);

}  // namespace soak::report
