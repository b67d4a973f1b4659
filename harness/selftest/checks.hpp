// What became of the planted leaks and of their twins.
#pragma once

#include <string>
#include <vector>

#include "selftest/plants.hpp"
#include "verdict/verdict.hpp"

namespace soak::selftest {

struct Check {
  std::string scenario;
  std::string what;      ///< What was planted; of a twin what it does within the limits.
  std::string expected;  ///< "leak: heap_growth", "pass".
  std::string found;     ///< In the same words.
  std::string message;   ///< Why it is not as expected; empty where it is.

  [[nodiscard]] bool passed() const { return message.empty(); }
};

/// A planted scenario is caught where it has a finding of its kind that fails it, proven where that is asked for;
/// other findings beside it do not matter. A twin passes without any finding. One that was not run fails its check.
[[nodiscard]] std::vector<Check> check(const std::vector<Planted>& plants, const verdict::RunVerdict& verdict);

[[nodiscard]] bool all_passed(const std::vector<Check>& checks);

/// A line a check that failed, a table of what was planted, and the sum.
[[nodiscard]] std::string text_of(const std::vector<Check>& checks);
/// docs/selftest.md has it. Ends with a newline.
[[nodiscard]] std::string json_of(const std::vector<Check>& checks);

}  // namespace soak::selftest
