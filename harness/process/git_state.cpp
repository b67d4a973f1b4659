#include "process/git_state.hpp"

#include <algorithm>

#include "process/capture.hpp"

namespace soak::process {
namespace {

Captured git(const std::filesystem::path& folder, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"-C", folder.string()});
  return capture("git", arguments);
}

}  // namespace

GitState git_state_of(const std::filesystem::path& folder) {
  const auto head = git(folder, {"rev-parse", "--verify", "--quiet", "HEAD"});
  if (head.exit_status != 0) return {};
  GitState state;
  state.commit = head.output.substr(0, head.output.find('\n'));
  const auto status = git(folder, {"status", "--porcelain", "--untracked-files=no"});
  state.dirty = status.exit_status == 0 && !status.output.empty();
  return state;
}

}  // namespace soak::process
