// How bad it is, and when what grows will hurt.
#pragma once

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Of the larger of resident growth and live heap growth projected to one day at the measured speed.
[[nodiscard]] config::Severity severity_of(const Evidence& evidence, const config::SeverityScale& scale);

/// The memory that a child may hold where its scenario sets no memory_limit, as the runner enforces it: a quarter of
/// the machine's. Empty where the record does not say how much that has.
[[nodiscard]] std::optional<std::int64_t> default_memory_limit_bytes(const record::Run& run);

/// Fills `seconds_to_peak_limit` and `seconds_to_memory_limit` from the findings that `verdict` has, and from the
/// slope and the speed of the repetition.
void fill_time_to_trouble(const Evidence& evidence, ScenarioVerdict& verdict);

}  // namespace soak::verdict
