#include "history/repository.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <sstream>

#include "base/user_error.hpp"
#include "process/git.hpp"

namespace soak::history {
namespace fs = std::filesystem;
namespace {

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

std::string without_prefix(std::string text) {
  for (const std::string_view prefix : {"fatal: ", "error: ", "warning: "})
    if (text.starts_with(prefix)) text = text.substr(prefix.size());
  while (!text.empty() && (text.back() == '\n' || text.back() == '.')) text.pop_back();
  return text;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

}  // namespace

std::string short_hash(const std::string& commit) { return commit.substr(0, 12); }

Repository::Repository(const fs::path& folder) {
  const auto top = process::run_git(folder, {"rev-parse", "--show-toplevel"});
  if (top.is_missing) throw UserError(fmt::format("git is needed to look up commits: {}", top.error));
  if (!top.succeeded())
    throw UserError(
        fmt::format("{}: {}; commits can be looked up in a git repository only, the folder of a record can "
                    "be named anywhere",
                    fs::absolute(folder).lexically_normal().string(), without_prefix(first_line(top.error))));
  top_ = first_line(top.output);
}

std::string Repository::git(const std::vector<std::string>& arguments) const {
  const auto ran = process::run_git(top_, arguments);
  if (!ran.succeeded())
    throw UserError(fmt::format("git {} failed: {}", fmt::join(arguments, " "), without_prefix(ran.error)));
  return ran.output;
}

fs::path Repository::common_folder() const {
  return fs::absolute(top_ / first_line(git({"rev-parse", "--git-common-dir"}))).lexically_normal();
}

std::string Repository::commit_of(const std::string& revision) const {
  if (revision.empty() || revision.starts_with('-'))
    throw UserError(fmt::format("'{}' is no revision; give a commit, a branch or a tag", revision));
  const auto parsed = process::run_git(top_, {"rev-parse", "--verify", "--end-of-options", revision + "^{commit}"});
  if (parsed.error.find("ambiguous") != std::string::npos)
    throw UserError(
        fmt::format("'{}' is ambiguous in {}: {}; write more of the hash, or refs/heads/{} or refs/tags/{}", revision,
                    top_.string(), without_prefix(parsed.error), revision, revision));
  if (!parsed.succeeded())
    throw UserError(
        fmt::format("'{}' is unknown in {}: no commit, branch or tag of this name", revision, top_.string()));
  // Some versions of git print --end-of-options on a line before the hash.
  const auto lines = lines_of(parsed.output);
  return lines.empty() ? std::string() : lines.back();
}

std::vector<std::string> Repository::history(const std::string& tip, const std::string& since) const {
  std::vector<std::string> arguments{"rev-list", "--topo-order", "--reverse", tip};
  if (!since.empty()) arguments.push_back("^" + since);
  return lines_of(git(arguments));
}

std::optional<std::string> Repository::nearest_before(const std::string& commit,
                                                      const std::set<std::string>& wanted) const {
  const auto commits = history(commit);
  for (auto at = commits.rbegin(); at != commits.rend(); ++at)
    if (wanted.contains(*at)) return *at;
  return {};
}

std::optional<std::string> Repository::nearest_after(const std::string& commit, const std::string& tip,
                                                     const std::set<std::string>& wanted) const {
  for (const auto& candidate :
       lines_of(git({"rev-list", "--topo-order", "--reverse", "--ancestry-path", commit + ".." + tip})))
    if (wanted.contains(candidate)) return candidate;
  return {};
}

std::int64_t Repository::commits_between(const std::string& older, const std::string& newer) const {
  const auto text = first_line(git({"rev-list", "--count", older + ".." + newer}));
  std::int64_t count = 0;
  std::from_chars(text.data(), text.data() + text.size(), count);
  return count;
}

bool Repository::is_ancestor(const std::string& older, const std::string& newer) const {
  return process::run_git(top_, {"merge-base", "--is-ancestor", older, newer}).succeeded();
}

std::map<std::string, std::string> Repository::subjects(const std::vector<std::string>& commits) const {
  std::map<std::string, std::string> subjects;
  constexpr std::size_t at_once = 500;  // bounds the length of the command line
  for (std::size_t begin = 0; begin < commits.size(); begin += at_once) {
    std::vector<std::string> arguments{"log", "--no-walk=unsorted", "--format=%H %s"};
    const auto end = std::min(commits.size(), begin + at_once);
    for (std::size_t i = begin; i < end; ++i) arguments.push_back(commits[i]);
    for (const auto& line : lines_of(git(arguments)))
      if (const auto space = line.find(' '); space != std::string::npos)
        subjects[line.substr(0, space)] = line.substr(space + 1);
  }
  return subjects;
}

}  // namespace soak::history
