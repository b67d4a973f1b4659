#pragma once

#include <string>
#include <string_view>

namespace soak::report {

/// The same input gives the same output: no time, no name. Throws std::runtime_error where zlib has no memory.
[[nodiscard]] std::string gzip(std::string_view content);

}  // namespace soak::report
