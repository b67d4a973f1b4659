#include "history/find_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <system_error>
#include <tuple>

#include "base/spelling.hpp"
#include "base/user_error.hpp"
#include "history/measure.hpp"
#include "history/repository.hpp"
#include "history/store.hpp"

namespace soak::history {
namespace fs = std::filesystem;
namespace {

/// A folder or a program that happens to have the name of a branch is not a record.
bool is_record(const fs::path& path) {
  std::error_code ignored;
  if (fs::exists(path / "run.json", ignored)) return true;
  return fs::is_regular_file(path, ignored) && (path.has_parent_path() || path.extension() == ".json");
}

/// Sorts the best run first: clean before dirty, complete before incomplete, newer before older.
const RunInfo* best_of(const std::vector<RunInfo>& runs, const std::string& commit) {
  const RunInfo* best = nullptr;
  const auto rank = [](const RunInfo& run) { return std::tuple(!run.dirty, run.completed, run.started_at); };
  for (const auto& run : runs)
    if (run.commit == commit && (best == nullptr || rank(run) > rank(*best))) best = &run;
  return best;
}

std::set<std::string> commits_of(const std::vector<RunInfo>& runs) {
  std::set<std::string> commits;
  for (const auto& run : runs)
    if (!run.commit.empty()) commits.insert(run.commit);
  return commits;
}

std::string nearest_text(const Repository& repository, const std::string& commit, const std::vector<RunInfo>& runs) {
  const auto commits = commits_of(runs);
  const auto before = repository.nearest_before(commit, commits);
  const auto after = repository.nearest_after(commit, "HEAD", commits);
  if (!before && !after) return "; no commit before or after it has one either: soak run adds them";
  std::string text = "; the nearest that has one is ";
  if (before)
    text += fmt::format("{}, {} commit(s) before", short_hash(*before), repository.commits_between(*before, commit));
  if (after)
    text += fmt::format("{}{}, {} commit(s) after", before ? " or " : "", short_hash(*after),
                        repository.commits_between(commit, *after));
  return text;
}

MeasuredRun run_of_revision(const std::string& asked, const Places& places, Store& store,
                            const std::vector<RunInfo>& runs) {
  const Repository repository(places.repository_folder);
  const auto commit = repository.commit_of(asked);
  const auto* const best = best_of(runs, commit);
  if (best == nullptr)
    throw UserError(fmt::format("{} has no run{} in {}{}", asked,
                                commit.starts_with(asked) ? "" : fmt::format(" (commit {})", short_hash(commit)),
                                store.name(), nearest_text(repository, commit, runs)));
  return store.load(*best);
}

}  // namespace

MeasuredRun find_run(const std::string& asked, const Places& places) {
  if (is_record(asked)) return load_measured(asked, places.config);
  if (asked.find('/') != std::string::npos && fs::path(asked).is_absolute())
    return load_measured(asked, places.config);
  std::error_code ignored;
  const bool no_store = places.store.find("://") == std::string::npos && !fs::exists(places.store, ignored);
  if (asked == "latest" && no_store) return load_measured(places.results / "latest", places.config);
  Store store(places.store, Access::read);
  const auto runs = store.runs();
  if (asked == "latest") {
    if (runs.empty()) throw UserError(fmt::format("{} holds no run yet; soak run adds to it", store.name()));
    return store.load(runs.front());
  }
  const auto named = std::ranges::find(runs, asked, &RunInfo::id);
  if (named != runs.end()) return store.load(*named);
  return run_of_revision(asked, places, store, runs);
}

}  // namespace soak::history
