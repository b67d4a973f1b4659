// Whether a repetition ran as planned to its end: what died on the way is an error, however good its readings look.
#pragma once

#include "verdict/evidence.hpp"

namespace soak::verdict {

/// Did the process do what was planned and leave its readings? False: nothing else can be judged.
[[nodiscard]] bool judge_completeness(const Evidence& evidence, Judgement& judgement);

}  // namespace soak::verdict
