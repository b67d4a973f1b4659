#include "history/bisection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "base/user_error.hpp"
#include "process/child_process.hpp"

namespace soak::history {
namespace {

/// git bisect keeps its state a working tree: in that of the bisection, not in the user's.
class GitBisect {
 public:
  explicit GitBisect(const std::filesystem::path& tree) : tree_(tree) {}

  void start(const std::string& good, const std::string& bad) {
    git({"bisect", "reset"});
    // git would check the middle out by itself; --no-checkout leaves that to us, where it can fail with a message
    output_ = git({"bisect", "start", "--no-checkout", bad, good});
  }

  void mark(const std::string& commit, Finding finding) {
    const char* const word = finding == Finding::good ? "good" : finding == Finding::bad ? "bad" : "skip";
    output_ = git({"bisect", word, commit}, /*may_fail=*/true);
  }

  /// The next commit to try; empty when it is over.
  [[nodiscard]] std::string next() const {
    if (is_over()) return {};
    const auto head = git({"rev-parse", "BISECT_HEAD"});
    return head.substr(0, head.find('\n'));
  }

  [[nodiscard]] bool is_over() const {
    return output_.find("is the first bad commit") != std::string::npos ||
           output_.find("only 'skip'ped commits left") != std::string::npos;
  }

  [[nodiscard]] BisectionResult result() const {
    BisectionResult result;
    if (const auto end = output_.find(" is the first bad commit"); end != std::string::npos) {
      const auto line = output_.rfind('\n', end);
      result.first_bad = output_.substr(line == std::string::npos ? 0 : line + 1, 40);
      return result;
    }
    std::istringstream lines(output_);
    for (std::string line; std::getline(lines, line);)
      if (line.size() == 40 && line.find_first_not_of("0123456789abcdef") == std::string::npos)
        result.candidates.push_back(line);
    return result;
  }

  /// "Bisecting: 9 revisions left to test after this".
  [[nodiscard]] std::size_t left() const {
    const std::string before = "Bisecting: ";
    const auto at = output_.find(before);
    std::size_t count = 0;
    if (at != std::string::npos) {
      const auto* const begin = output_.data() + at + before.size();
      std::from_chars(begin, output_.data() + output_.size(), count);
    }
    return count;
  }

 private:
  std::string git(std::vector<std::string> arguments, bool may_fail = false) const {
    arguments.insert(arguments.begin(), {"-u", "GIT_DIR", "-u", "GIT_WORK_TREE", "-u", "GIT_INDEX_FILE", "LC_ALL=C",
                                         "git", "-C", tree_.string()});
    const auto ran = process::capture("env", arguments);
    if (ran.exit_status != 0 && !may_fail)
      throw UserError(fmt::format("git bisect: {}", ran.error.empty() ? ran.errors + ran.output : ran.error));
    return ran.output;
  }

  std::filesystem::path tree_;
  std::string output_;
};

const Tried* find(const BisectionState& state, const std::string& commit) {
  const auto found = std::ranges::find(state.tried, commit, &Tried::commit);
  return found == state.tried.end() ? nullptr : &*found;
}

Tried try_one(const BisectionState& state, const std::string& commit, const BisectionSteps& steps) {
  const auto attempt = steps.try_commit(commit);
  if (!attempt.value) return {.commit = commit, .finding = Finding::skipped, .value = {}, .why = attempt.why};
  return {.commit = commit,
          .finding = nearer_end(*attempt.value, state.good_value, state.bad_value),
          .value = attempt.value,
          .why = {}};
}

}  // namespace

Finding nearer_end(double value, double good_value, double bad_value) {
  return std::abs(value - bad_value) < std::abs(value - good_value) ? Finding::bad : Finding::good;
}

BisectionResult bisect(const Repository&, const BisectionFolder& folder, BisectionState& state,
                       const BisectionSteps& steps) {
  GitBisect git(folder.tree());
  git.start(state.request.good, state.request.bad);
  // git asks the same questions again in the same order: what was answered before an interruption is answered from
  // the state.
  for (auto commit = git.next(); !commit.empty(); commit = git.next()) {
    if (find(state, commit) == nullptr) {
      state.tried.push_back(try_one(state, commit, steps));
      folder.save(state);
      steps.tell(state.tried.back(), git.left());
    }
    git.mark(commit, find(state, commit)->finding);
  }
  return git.result();
}

}  // namespace soak::history
