// The data that the page draws, as JSON.
#pragma once

#include <cstddef>

#include "report/json_text.hpp"
#include "report/subject.hpp"

namespace soak::report {

/// What the overview shows: the run, and every scenario in a few figures.
[[nodiscard]] Json overview_json(const Subject& subject);

/// What the view of one scenario shows beyond that: readings, call sites, types. Read only when it is looked at.
[[nodiscard]] Json detail_json(const Subject& subject, const JudgedScenario& scenario);

// Findings as the page shows them, in overview and detail alike.

/// With at most so many call sites each.
[[nodiscard]] Json findings_json(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                                 std::size_t most_sites);

}  // namespace soak::report
