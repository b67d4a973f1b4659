// Records and verdicts made by hand, for tests of what is drawn from them.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// A checkpoint of each iteration of `step`, with the heap growing by `bytes` in each.
[[nodiscard]] record::Repetition repetition_with(std::int64_t checkpoints, std::int64_t step, std::int64_t bytes);

/// A record and its judgement: a leak explained down to its line, a crash, a pass.
struct HandMade {
  record::Run run;
  verdict::RunVerdict verdict;

  [[nodiscard]] Subject subject() const;
};
[[nodiscard]] HandMade one_of_each();
/// The same with every name replaced.
[[nodiscard]] HandMade one_of_each(const std::string& name);

}  // namespace soak::report
