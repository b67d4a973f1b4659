// Words as a shell takes them.
#pragma once

#include <string>
#include <vector>

namespace soak {

/// In quotes where it has to be.
[[nodiscard]] std::string quoted_for_shell(const std::string& text);
/// A command line.
[[nodiscard]] std::string quoted_for_shell(const std::vector<std::string>& words);

}  // namespace soak
