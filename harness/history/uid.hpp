// Which run is which.
#pragma once

#include <string>

#include "history/measurement.hpp"

namespace soak::history {

/// For a record that was made before records had a uid: a digest of what it says, so that reading it twice gives the
/// same one.
[[nodiscard]] std::string uid_by_content(const MeasuredRun& run);

}  // namespace soak::history
