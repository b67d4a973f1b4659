// Limits that benchmarks.toml sets at single checkpoints, by label or by iteration.
#pragma once

#include "verdict/evidence.hpp"

namespace soak::verdict {

void judge_checkpoints(const Evidence& evidence, Judgement& judgement);

}  // namespace soak::verdict
