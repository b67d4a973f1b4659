// soak list: the scenarios and their limits.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soak::app {

struct ListOptions {
  std::vector<std::filesystem::path> binaries;  ///< Empty: those of the config, and its programs.
  std::string config_file;
};

/// Prints a table. Returns the exit status. Throws UserError.
[[nodiscard]] int list_scenarios(const ListOptions& options);

}  // namespace soak::app
