// Findings as the page shows them, in overview and detail alike.
#pragma once

#include <cstddef>

#include "report/json_text.hpp"
#include "report/subject.hpp"

namespace soak::report {

/// With at most so many call sites each.
[[nodiscard]] Json findings_json(const Subject& subject, const verdict::ScenarioVerdict& scenario,
                                 std::size_t most_sites);

}  // namespace soak::report
