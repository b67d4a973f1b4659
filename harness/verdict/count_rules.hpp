// What leaks without a byte of heap: descriptors, threads, child processes; and live objects of one type.
#pragma once

#include <vector>

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Open files, threads, children.
void judge_counts(const Evidence& evidence, Judgement& judgement);

/// Open files of a process that died, if it died of having too many.
void judge_descriptor_limit(const Evidence& evidence, Judgement& judgement);

/// Live objects of any one type, if types were counted.
void judge_objects(const Evidence& evidence, Judgement& judgement);

/// The type whose live objects grew most, by number, from the first reading to the last. Null if no types were
/// counted.
[[nodiscard]] const record::LiveType* most_grown_type(const record::Repetition& repetition);

/// The run with call sites on knows the types of nearly all blocks. It is made of what is accused already, so it may
/// add a finding and never a verdict; and only if it was as long as planned, for which the limit is.
void add_explained_objects(const record::Scenario& scenario, const config::ScenarioSettings& settings,
                           std::vector<Finding>& findings);

}  // namespace soak::verdict
