// Why something grows, in the guidelines' words, where what was measured says so.
#pragma once

#include <string>

#include "record/record.hpp"
#include "verdict/verdict.hpp"

namespace soak::verdict {

/// `finding` has its sites. Empty where the evidence names no cause.
[[nodiscard]] std::string likely_cause(const Finding& finding, const record::Repetition& run);

}  // namespace soak::verdict
