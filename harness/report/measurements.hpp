// The figures of a run as measurements of a CTest test.
#pragma once

#include <string>

#include "verdict/verdict.hpp"

namespace soak::report {

/// Lines that CTest takes from a test's output and sends to its dashboard; what was not measured is left out. With
/// several scenarios the names say which.
[[nodiscard]] std::string ctest_measurements(const verdict::RunVerdict& run);

}  // namespace soak::report
