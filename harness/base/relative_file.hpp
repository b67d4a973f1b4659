// Source files, named as people who stand in their folder would.
#pragma once

#include <string>
#include <string_view>

namespace soak {

/// Without `.` and `..`; relative to `folder` (absolute, and as normal) where it lies in there. An empty folder: as
/// it is otherwise.
[[nodiscard]] std::string relative_file(std::string_view folder, std::string_view file);

}  // namespace soak
