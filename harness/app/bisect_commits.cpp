#include "app/bisect_commits.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "app/run_result.hpp"
#include "base/spelling.hpp"
#include "base/user_error.hpp"
#include "history/bisection_ends.hpp"
#include "history/commit_trial.hpp"
#include "history/compare.hpp"
#include "record/record_names.hpp"
#include "report/comparison_report.hpp"

namespace soak::app {
namespace {

using history::BisectionState;
using history::CommitTrial;
using history::Measurement;
using history::NotRunnable;
using history::short_hash;

constexpr const char* default_build =
    "cmake -S . -B .soak-build -DCMAKE_BUILD_TYPE=RelWithDebInfo && cmake --build .soak-build --parallel";

bool is_noisy(const std::string& metric) {
  const auto* const known = record::metric_named(metric);
  return known != nullptr && !known->is_exact;
}

// --- what was asked for

/// The programs of the config, one a line: as paths in the repository where they lie in it.
std::string programs_of(const config::Config& config, const history::Repository& repository) {
  std::string names;
  for (const auto& binary : config.binaries) {
    const auto inside = binary.lexically_relative(repository.top());
    const bool lies_in_it = binary.is_absolute() && !inside.empty() && *inside.begin() != "..";
    names += (names.empty() ? "" : "\n") + (lies_in_it ? inside : binary.filename()).string();
  }
  if (names.empty())
    throw UserError("no scenario binary is named: give --binary NAME, or write [run] binaries into benchmarks.toml");
  return names;
}

void require_metric(const std::string& metric) {
  if (metric.empty() || record::metric_named(metric) != nullptr) return;
  const auto preferred = history::preferred_metrics();
  const std::vector<std::string> known(preferred.begin(), preferred.end());
  throw UserError(fmt::format("unknown metric '{}'{}", metric, did_you_mean(metric, known)));
}

BisectionState new_bisection(const BisectOptions& options, const history::Repository& repository,
                             const config::Config& config) {
  auto request = options.request;
  if (request.good.empty() || request.bad.empty() || request.scenario.empty())
    throw UserError("say what to find out: soak bisect GOOD BAD --scenario NAME");
  require_metric(request.metric);
  request.good = repository.commit_of(request.good);
  request.bad = repository.commit_of(request.bad);
  if (!repository.is_ancestor(request.good, request.bad))
    throw UserError(
        fmt::format("{} does not come before {} in history; give the older one, in which all is well, first",
                    options.request.good, options.request.bad));
  if (request.good == request.bad) throw UserError("both ends are the same commit");
  if (request.binary.empty()) request.binary = programs_of(config, repository);
  if (request.build_command.empty()) request.build_command = default_build;
  if (request.config_file.empty() && std::filesystem::exists("benchmarks.toml"))
    request.config_file = "benchmarks.toml";
  if (!request.config_file.empty()) request.config_file = std::filesystem::absolute(request.config_file).string();
  BisectionState state;
  state.request = std::move(request);
  return state;
}

// --- proving that the ends differ

/// The metric to follow. Throws UserError if both ends are alike in it, or in all.
std::string proven_metric(const std::string& asked, const Measurement& good, const Measurement& bad) {
  const auto [metric, alike] = history::differing_metric(asked, good, bad);
  if (!metric.empty()) return metric;
  const auto figures = alike ? fmt::format(" ({} and {})", report::figure_text(alike->base, alike->unit),
                                           report::figure_text(alike->head, alike->unit))
                             : std::string();
  throw UserError(fmt::format("both ends are alike in {}{}: there is no commit to find",
                              asked.empty() ? "every metric" : asked, figures));
}

void prove_ends(CommitTrial& trial, BisectionState& state, const BisectOptions& options) {
  const bool takes_repetitions = is_noisy(state.request.metric);
  state.repetitions = takes_repetitions ? options.noisy_repetitions : 1;
  const auto good = history::run_end(trial, state.request.good, state.repetitions, "good");
  const auto bad = history::run_end(trial, state.request.bad, state.repetitions, "bad");
  state.request.metric = proven_metric(state.request.metric, good.front(), bad.front());
  history::choose_length(good, bad, state);
  const auto unit = record::metric_named(state.request.metric)->unit;
  talk(fmt::format("{} is {} at {} and {} at {}; {} iterations tell them apart", state.request.metric,
                   report::figure_text(state.good_value, unit), short_hash(state.request.good),
                   report::figure_text(state.bad_value, unit), short_hash(state.request.bad), state.iterations));
}

// --- the way between them

run::RunOutcome measure_request(run::RunRequest request, const config::Config& config, history::Follow follow) {
  return follow == history::Follow::yes
             ? measure(std::move(request), config, {.explain = verdict::Explain::always})
             : measure(std::move(request), config, {.confirm = Confirm::no, .explain = verdict::Explain::never});
}

void report_tried(const history::Tried& tried, std::size_t left, record::Unit unit) {
  const char* const word = tried.finding == history::Finding::good  ? "good"
                           : tried.finding == history::Finding::bad ? "bad"
                                                                    : "skipped";
  talk(fmt::format("{} is {}: {}; about {} left", short_hash(tried.commit), word,
                   tried.value ? report::figure_text(*tried.value, unit) : tried.why, left));
}

/// The parent where it can be built and run, else the good end.
history::MeasuredRun run_before(CommitTrial& trial, const std::string& commit, const history::Repository& repository,
                                const BisectionState& state, const CommitTrial::Run& how) {
  try {
    trial.build(repository.commit_of(commit + "^"));
    return trial.run(how);
  } catch (const NotRunnable&) {
    trial.build(state.request.good);
    return trial.run(how);
  }
}

std::string describe(const std::string& commit, const history::Repository& repository) {
  return repository.git({"log", "-1", "--format=%h %s%n%an, %ad", "--date=iso", commit});
}

bool print_found(CommitTrial& trial, const std::string& commit, const history::Repository& repository,
                 const BisectionState& state, const config::Config& config) {
  auto text = fmt::format("{} changed {} of {}\n{}\n", short_hash(commit), state.request.metric,
                          state.request.scenario, describe(commit, repository));
  try {
    const CommitTrial::Run how{.iterations = {}, .repetitions = state.repetitions, .follow = history::Follow::yes};
    const auto before = run_before(trial, commit, repository, state, how);
    trial.build(commit);
    auto comparison = history::compare(before, trial.run(how), config, history::AcrossMachines::no);
    history::name_files_relative_to(trial.tree().string(), comparison);
    text += report::comparison_text(comparison, report::terminal_style(STDOUT_FILENO));
  } catch (const NotRunnable& problem) {
    text += fmt::format("it could not be run again to be compared: {}\n", problem.what());
  }
  return print_result(text);
}

bool print_hidden(const std::vector<std::string>& candidates, const history::Repository& repository) {
  std::string text = "the first bad commit is one of these; those between could not be measured:\n";
  for (const auto& commit : candidates) text += describe(commit, repository);
  return print_result(text);
}

int carry_on(BisectionState& state, const history::Repository& repository, const history::BisectionFolder& folder,
             const BisectOptions& options) {
  const auto config = chosen_config(state.request.config_file);
  process::Interrupts interrupts;
  CommitTrial trial(repository, folder, state.request, config, interrupts, measure_request);
  folder.save(state);
  folder.make_tree(state.request.bad);
  if (state.iterations == 0) {
    prove_ends(trial, state, options);
    folder.save(state);
  }
  const auto unit = record::metric_named(state.request.metric)->unit;
  const auto result = history::bisect(
      folder, state,
      {.try_commit = [&](const std::string& commit) { return history::try_commit(trial, commit, state); },
       .report = [unit](const history::Tried& tried, std::size_t left) { report_tried(tried, left, unit); }});
  const bool found = !result.first_bad.empty();
  const bool printed = found ? print_found(trial, result.first_bad, repository, state, config)
                             : print_hidden(result.candidates, repository);
  return found && printed ? 0 : not_measured;
}

BisectionState state_to_go_on_from(const BisectOptions& options, const history::Repository& repository,
                                   const history::BisectionFolder& folder) {
  auto saved = folder.saved();
  if (options.resume) {
    if (!saved) throw UserError("there is no bisection to resume");
    return *std::move(saved);
  }
  if (saved)
    throw UserError(
        fmt::format("a bisection of {} between {} and {} did not come to its end: --resume goes on with it, "
                    "--abort removes it",
                    saved->request.scenario, short_hash(saved->request.good), short_hash(saved->request.bad)));
  return new_bisection(options, repository, chosen_config(options.request.config_file));
}

}  // namespace

int bisect(const BisectOptions& options) {
  const history::Repository repository(".");
  const history::BisectionFolder folder(repository);
  if (options.abort) {
    folder.remove();
    return print_result("the bisection and its working tree are removed\n") ? 0 : not_measured;
  }
  auto state = state_to_go_on_from(options, repository, folder);
  try {
    const int status = carry_on(state, repository, folder, options);
    folder.remove();
    return status;
  } catch (const history::Interrupted&) {
    talk("interrupted; soak bisect --resume goes on, soak bisect --abort removes what is there");
    return interrupted;
  } catch (const UserError&) {
    // Before the ends were proven there is nothing to go on with. Later, say when git fails, what was found is kept.
    if (state.iterations == 0) folder.remove();
    throw;
  }
}

}  // namespace soak::app
