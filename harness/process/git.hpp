// Git, asked through its command.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace soak::process {

struct GitAnswer {
  int exit_status = -1;     ///< -1: it was not started, died of a signal, took too long or printed too much.
  bool is_missing = false;  ///< There is no git to ask.
  std::string output;       ///< Standard output.
  std::string error;        ///< Why it failed: standard error, or why there is no exit status.

  [[nodiscard]] bool succeeded() const { return exit_status == 0; }
};

/// Runs `git -C folder arguments...`, for five minutes and 256 MiB of output at most. The variables that a hook of
/// git's sets are left out, because they would lead to another tree than the folder's; messages are in English.
[[nodiscard]] GitAnswer run_git(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

/// Which commit is being measured.
struct GitState {
  std::string commit;  ///< Full hash; empty outside a repository, or without git.
  bool dirty = false;  ///< Tracked files differ from the commit.
};

[[nodiscard]] GitState git_state_of(const std::filesystem::path& folder);

/// The top of the working tree that the folder lies in, else the folder itself. Looks for `.git` and does not ask
/// git, which may be missing, and refuses a checkout that belongs to another user, as containers of CI have it.
[[nodiscard]] std::filesystem::path working_tree_of(const std::filesystem::path& folder);

}  // namespace soak::process
