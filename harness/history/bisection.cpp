#include "history/bisection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <nlohmann/json.hpp>
#include <sstream>
#include <system_error>
#include <utility>

#include "base/files.hpp"
#include "base/user_error.hpp"
#include "process/git.hpp"
#include "record/json_document.hpp"
#include "record/record_file.hpp"

namespace soak::history {
namespace fs = std::filesystem;

namespace {

/// git bisect keeps its state in the working tree it runs in: here the bisection's, not the user's.
class GitBisect {
 public:
  explicit GitBisect(const std::filesystem::path& tree) : tree_(tree) {}

  void start(const std::string& good, const std::string& bad) {
    git({"bisect", "reset"});
    // Without --no-checkout git checks the middle out itself, and a failure of that has no message of ours.
    output_ = git({"bisect", "start", "--no-checkout", bad, good});
  }

  void mark(const std::string& commit, Finding finding) {
    const char* const word = finding == Finding::good ? "good" : finding == Finding::bad ? "bad" : "skip";
    output_ = git({"bisect", word, commit}, /*may_fail=*/true);
  }

  /// The next commit to try; empty when the search is over.
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
  std::string git(const std::vector<std::string>& arguments, bool may_fail = false) const {
    const auto answer = process::run_git(tree_, arguments);
    if (!answer.succeeded() && !may_fail) throw UserError(fmt::format("git bisect: {}", answer.error));
    return answer.output;
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

BisectionResult bisect(const BisectionFolder& folder, BisectionState& state, const BisectionSteps& steps) {
  GitBisect git(folder.tree());
  git.start(state.request.good, state.request.bad);
  // git asks the same questions in the same order each time, so the state answers those from before an interruption.
  for (auto commit = git.next(); !commit.empty(); commit = git.next()) {
    if (find(state, commit) == nullptr) {
      state.tried.push_back(try_one(state, commit, steps));
      folder.save(state);
      steps.report(state.tried.back(), git.left());
    }
    git.mark(commit, find(state, commit)->finding);
  }
  return git.result();
}

// --- The state on disk

namespace {

using Json = nlohmann::ordered_json;

constexpr int state_version = 1;
constexpr std::array findings{std::pair{Finding::good, "good"}, std::pair{Finding::bad, "bad"},
                              std::pair{Finding::skipped, "skipped"}};

Finding finding_of(const record::JsonSpot& json) {
  const auto text = json.text();
  for (const auto& [finding, name] : findings)
    if (text == name) return finding;
  json.refuse("expected good, bad or skipped");
}

Json json_of(const Tried& tried) {
  Json json{{"commit", tried.commit}, {"finding", findings[static_cast<std::size_t>(tried.finding)].second}};
  if (tried.value) json["value"] = *tried.value;
  json["why"] = tried.why;
  return json;
}

Json json_of(const BisectionState& state) {
  const auto& request = state.request;
  auto tried = Json::array();
  for (const auto& one : state.tried) tried.push_back(json_of(one));
  return {{"version", state_version},
          {"good", request.good},
          {"bad", request.bad},
          {"scenario", request.scenario},
          {"metric", request.metric},
          {"build_command", request.build_command},
          {"binary", request.binary},
          {"config_file", request.config_file},
          {"iterations", state.iterations},
          {"repetitions", state.repetitions},
          {"good_value", state.good_value},
          {"bad_value", state.bad_value},
          {"tried", std::move(tried)}};
}

BisectionState state_of(const record::JsonSpot& json) {
  static_cast<void>(json.at("version").integer(state_version, state_version));
  BisectionState state;
  state.request = {.good = json.at("good").text(),
                   .bad = json.at("bad").text(),
                   .scenario = json.at("scenario").text(),
                   .metric = json.at("metric").text(),
                   .build_command = json.at("build_command").text(),
                   .binary = json.at("binary").text(),
                   .config_file = json.at("config_file").text()};
  state.iterations = json.at("iterations").count();
  state.repetitions = static_cast<int>(json.at("repetitions").integer(1, 1000));
  state.good_value = json.at("good_value").number();
  state.bad_value = json.at("bad_value").number();
  for (const auto& one : json.at("tried").elements()) {
    Tried tried{.commit = one.at("commit").text(),
                .finding = finding_of(one.at("finding")),
                .value = {},
                .why = one.at("why").text()};
    if (const auto value = one.find("value")) tried.value = value->number();
    state.tried.push_back(std::move(tried));
  }
  return state;
}

}  // namespace

BisectionFolder::BisectionFolder(const Repository& repository)
    : repository_(repository), folder_(repository.common_folder() / "soak-bisect") {}

std::optional<BisectionState> BisectionFolder::saved() const {
  const auto file = folder_ / "state.json";
  std::error_code ignored;
  if (!fs::exists(file, ignored)) return {};
  const auto origin = file.string();
  const auto document = record::parse_document(read_file(file, record::largest_file_bytes), origin);
  return state_of(record::JsonSpot(document, origin));
}

void BisectionFolder::save(const BisectionState& state) const {
  fs::create_directories(folder_);
  write_atomically(folder_ / "state.json", json_of(state).dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

void BisectionFolder::make_tree(const std::string& commit) const {
  fs::create_directories(logs());
  if (fs::exists(tree() / ".git")) return;
  repository_.git({"worktree", "prune"});
  repository_.git({"worktree", "add", "--detach", "--force", tree().string(), commit});
}

void BisectionFolder::remove() const {
  std::error_code ignored;
  if (fs::exists(tree(), ignored)) {
    try {
      repository_.git({"worktree", "remove", "--force", "--force", tree().string()});
    } catch (const std::exception&) {
      // The working tree is half-made and unknown to git: its folder is removed below.
    }
  }
  fs::remove_all(folder_);
  repository_.git({"worktree", "prune"});
}

}  // namespace soak::history
