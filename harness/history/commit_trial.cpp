#include "history/commit_trial.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <system_error>

#include "base/user_error.hpp"
#include "history/measure.hpp"
#include "process/child_process.hpp"
#include "process/environment.hpp"
#include "record/identity.hpp"
#include "run/soak_run.hpp"

namespace soak::history {
namespace fs = std::filesystem;
namespace {

constexpr std::chrono::hours build_patience{1};

/// Only the settings of this scenario, because a commit may not have the others.
config::Config config_for(const std::string& scenario, const config::Config& config) {
  auto own = config::default_config();
  own.file = config.file;
  own.severity = config.severity;
  const auto settings = config.settings_for(scenario);
  own.timeout = settings.timeout;
  own.defaults = settings.limits;
  own.tables[scenario].settings = settings;
  return own;
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; std::getline(in, word, '\n');) words.push_back(word);
  return words;
}

bool is_program(const fs::path& file) {
  std::error_code ignored;
  return fs::is_regular_file(file, ignored) && access(file.c_str(), X_OK) == 0;
}

std::vector<fs::path> programs_named(const std::string& name, const fs::path& tree) {
  std::vector<fs::path> found;
  std::error_code error;
  for (fs::recursive_directory_iterator at(tree, error), end; !error && at != end; at.increment(error)) {
    if (at->path().filename() == ".git") at.disable_recursion_pending();
    if (at->path().filename() == name && is_program(at->path())) found.push_back(at->path());
  }
  return found;
}

std::string last_lines(const std::string& text, std::size_t most) {
  auto begin = text.size();
  for (std::size_t lines = 0; begin > 0 && lines <= most; --begin)
    if (text[begin - 1] == '\n' && ++lines > most) break;
  return text.substr(begin);
}

}  // namespace

CommitTrial::CommitTrial(const Repository& repository, const BisectionFolder& folder, const BisectionRequest& request,
                         const config::Config& config, process::Interrupts& interrupts,
                         MeasureRequest measure_request)
    : repository_(repository),
      folder_(folder),
      request_(request),
      config_(config_for(request.scenario, config)),
      interrupts_(interrupts),
      measure_request_(std::move(measure_request)) {}

void CommitTrial::build(const std::string& commit) {
  if (built_ == commit) return;
  built_.clear();
  if (interrupts_.requested()) throw Interrupted();
  repository_.git({"-C", folder_.tree().string(), "checkout", "--quiet", "--force", "--detach", commit});
  const auto log = folder_.logs() / (commit + ".log");
  const auto outcome = process::run_child(
      {.command = {"/bin/sh",
                   {"-c", "cd \"$0\" && eval \"$1\"", folder_.tree().string(), request_.build_command},
                   process::child_environment(std::map<std::string, std::string>{})},
       .log = log,
       .timeout = build_patience,
       .interrupts = &interrupts_},
      [](double) {});
  if (outcome.interrupted) throw Interrupted();
  if (outcome.exit_status != 0)
    throw NotRunnable(fmt::format("does not build; {} has all of it, which ends with\n{}", log.string(),
                                  last_lines(outcome.output_tail, 5)));
  built_ = commit;
}

std::vector<fs::path> CommitTrial::binaries() const {
  std::vector<fs::path> found;
  for (const auto& name : words_of(request_.binary)) {
    if (const auto path = folder_.tree() / name; fs::path(name).has_parent_path() && is_program(path)) {
      found.push_back(path);
      continue;
    }
    auto programs = programs_named(fs::path(name).filename().string(), folder_.tree());
    if (programs.size() > 1)
      throw NotRunnable(
          fmt::format("has several programs called {}: {} and {}; give its path in the tree with --binary", name,
                      programs[0].string(), programs[1].string()));
    found.insert(found.end(), programs.begin(), programs.end());
  }
  if (found.empty())
    throw NotRunnable(fmt::format("builds no program called {}; name it with --binary", request_.binary));
  return found;
}

MeasuredRun CommitTrial::run(const Run& how) {
  run::RunRequest request;
  request.binaries = binaries();
  request.results = folder_.results();
  request.plan.filter = record::exact_filter(request_.scenario);
  request.plan.repetitions = how.repetitions;
  request.plan.iterations = how.iterations;
  request.interrupts = &interrupts_;
  try {
    const auto outcome = measure_request_(std::move(request), config_, how.follow);
    if (outcome.run.interrupted) throw Interrupted();
    return measure(outcome.run, judge_leniently(outcome.run, config_), config_);
  } catch (const UserError& error) {
    throw NotRunnable(error.what());
  }
}

}  // namespace soak::history
