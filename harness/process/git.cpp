#include "process/git.hpp"

#include <chrono>
#include <system_error>

#include "process/child_process.hpp"

namespace soak::process {
namespace {

// One hash per line; the longest histories have some millions of commits.
constexpr std::size_t most_output_bytes = std::size_t{256} << 20;
constexpr std::chrono::minutes patience{5};
/// env(1) exits with this status if it does not find the command.
constexpr int command_not_found = 127;

}  // namespace

GitAnswer run_git(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"-u",       "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE",
                               "LC_ALL=C", "git",     "-C", folder.string()};
  all.insert(all.end(), arguments.begin(), arguments.end());
  auto ran = capture("env", all, patience, most_output_bytes);
  const bool is_missing = ran.exit_status == command_not_found || !ran.error.empty();
  return {ran.exit_status, is_missing, std::move(ran.output), ran.error.empty() ? ran.errors : ran.error};
}

GitState git_state_of(const std::filesystem::path& folder) {
  const auto head = run_git(folder, {"rev-parse", "--verify", "--quiet", "HEAD"});
  if (!head.succeeded()) return {};
  GitState state;
  state.commit = head.output.substr(0, head.output.find('\n'));
  const auto status = run_git(folder, {"status", "--porcelain", "--untracked-files=no"});
  state.dirty = status.succeeded() && !status.output.empty();
  return state;
}

std::filesystem::path working_tree_of(const std::filesystem::path& folder) {
  std::error_code error;
  for (auto parent = folder; !parent.empty(); parent = parent.parent_path()) {
    if (std::filesystem::exists(parent / ".git", error)) return parent;
    if (parent == parent.root_path()) break;
  }
  return folder;
}

}  // namespace soak::process
