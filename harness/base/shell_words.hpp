// Words and command lines as a POSIX shell reads them.
#pragma once

#include <string>
#include <vector>

namespace soak {

/// One word, in quotes if it needs them.
[[nodiscard]] std::string quoted_for_shell(const std::string& text);
/// A command line of these words.
[[nodiscard]] std::string quoted_for_shell(const std::vector<std::string>& words);

}  // namespace soak
