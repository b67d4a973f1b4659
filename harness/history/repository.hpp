// A git repository as history needs it: hashes, ancestors, subjects of commits.
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
  /// The repository that `folder` lies in. Throws UserError if it lies in none, or git is missing.
  explicit Repository(const std::filesystem::path& folder);

  /// The top of the working tree.
  [[nodiscard]] const std::filesystem::path& top() const { return top_; }
  /// The folder in which git keeps what all working trees of the repository share.
  [[nodiscard]] std::filesystem::path common_folder() const;

  /// The full hash of a revision: a hash, branch, tag, HEAD~3. Throws UserError if it is unknown or ambiguous;
  /// the message names the candidates.
  [[nodiscard]] std::string commit_of(const std::string& revision) const;
  /// `tip` and its ancestors, parents before children whatever their dates, without `since` and its ancestors if that
  /// is not empty.
  [[nodiscard]] std::vector<std::string> history(const std::string& tip, const std::string& since = {}) const;
  /// The nearest one of `wanted` before `commit`, and the nearest one after it on the way to `tip`.
  [[nodiscard]] std::optional<std::string> nearest_before(const std::string& commit,
                                                          const std::set<std::string>& wanted) const;
  [[nodiscard]] std::optional<std::string> nearest_after(const std::string& commit, const std::string& tip,
                                                         const std::set<std::string>& wanted) const;
  /// How many commits `newer` has that `older` has not.
  [[nodiscard]] std::int64_t commits_between(const std::string& older, const std::string& newer) const;
  [[nodiscard]] bool is_ancestor(const std::string& older, const std::string& newer) const;
  /// First lines of messages, by hash.
  [[nodiscard]] std::map<std::string, std::string> subjects(const std::vector<std::string>& commits) const;

  /// Runs git here. Throws UserError with git's message if it fails.
  std::string git(const std::vector<std::string>& arguments) const;

 private:
  std::filesystem::path top_;
};

/// The first 12 characters, for people.
[[nodiscard]] std::string short_hash(const std::string& commit);

}  // namespace soak::history
