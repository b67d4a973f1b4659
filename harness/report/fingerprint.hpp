// The same finding has the same fingerprint from night to night, whatever moved around it.
#pragma once

#include <string>

#include "report/subject.hpp"

namespace soak::report {

/// 16 hexadecimal digits over scenario, kind and, where a call site explains it, the functions of its stack: no
/// lines, addresses or paths, which change with every edit.
[[nodiscard]] std::string fingerprint_of(const verdict::ScenarioVerdict& scenario, const verdict::Finding& finding);

}  // namespace soak::report
