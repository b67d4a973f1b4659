// The type whose live objects grew most, and its series.
#pragma once

#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"
#include "verdict/growth.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

/// By number, from the first reading to the last. Null where no types were counted.
[[nodiscard]] const record::LiveType* most_grown_type(const record::Repetition& repetition);

/// The run with call sites on knows the types of nearly all blocks. It is made of what is accused already, so it may
/// add a finding and never a verdict; and only where it was as long as planned, for which the limit is.
void add_explained_objects(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                           std::vector<Finding>& findings);

[[nodiscard]] Series series_of(const record::LiveType& type);

}  // namespace soak::verdict
