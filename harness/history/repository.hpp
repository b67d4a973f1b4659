// What history asks git.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace soak::history {

/// One working tree, as seen through the git command.
class Repository {
 public:
  /// The one that `folder` lies in. Throws UserError where it lies in none, or where there is no git.
  explicit Repository(const std::filesystem::path& folder);

  /// The top of the working tree.
  [[nodiscard]] const std::filesystem::path& top() const { return top_; }
  /// Where git keeps what all working trees of the repository share.
  [[nodiscard]] std::filesystem::path common_folder() const;

  /// The full hash of a revision: a hash, branch, tag, HEAD~3. Throws UserError where it is unknown, or could be one
  /// of several, which are named.
  [[nodiscard]] std::string commit_of(const std::string& revision) const;
  /// Ancestors of `tip` and itself, parents before children however they are dated; those of `since`, if it is not
  /// empty, left out.
  [[nodiscard]] std::vector<std::string> history(const std::string& tip, const std::string& since = {}) const;
  /// The one of `wanted` that is nearest before `commit`, and the nearest after it on the way to `tip`.
  [[nodiscard]] std::optional<std::string> nearest_before(const std::string& commit,
                                                          const std::set<std::string>& wanted) const;
  [[nodiscard]] std::optional<std::string> nearest_after(const std::string& commit, const std::string& tip,
                                                         const std::set<std::string>& wanted) const;
  /// How many commits `newer` has that `older` has not.
  [[nodiscard]] std::int64_t commits_between(const std::string& older, const std::string& newer) const;
  [[nodiscard]] bool is_ancestor(const std::string& older, const std::string& newer) const;
  /// First lines of messages, by hash.
  [[nodiscard]] std::map<std::string, std::string> subjects(const std::vector<std::string>& commits) const;

  /// Runs git here; throws UserError with what it said where it fails.
  std::string git(const std::vector<std::string>& arguments) const;

 private:
  std::filesystem::path top_;
};

/// As far as people read them.
[[nodiscard]] std::string short_hash(const std::string& commit);

}  // namespace soak::history
