// Which commit is being measured.
#pragma once

#include <filesystem>
#include <string>

namespace soak::process {

struct GitState {
  std::string commit;  ///< Full hash; empty outside a repository, or without git.
  bool dirty = false;  ///< Tracked files differ from the commit.
};

[[nodiscard]] GitState git_state_of(const std::filesystem::path& folder);

}  // namespace soak::process
