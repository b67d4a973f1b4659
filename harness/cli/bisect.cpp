// soak bisect GOOD BAD --scenario NAME: which commit changed a metric.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "app/chosen_config.hpp"
#include "app/commit_trial.hpp"
#include "app/output.hpp"
#include "base/spelling.hpp"
#include "base/text.hpp"
#include "base/user_error.hpp"
#include "cli/subcommands.hpp"
#include "history/bisection.hpp"
#include "history/compare.hpp"
#include "history/metric_change.hpp"
#include "history/rank_test.hpp"
#include "report/comparison_report.hpp"

namespace soak::cli {
namespace {

using history::BisectionState;
using history::Measurement;
using history::MetricChange;
using history::Outcome;
using history::short_hash;

struct Options {
  history::BisectionRequest request;
  bool resume = false, abort = false;
  int noisy_repetitions = 6;
};

constexpr const char* default_build =
    "cmake -S . -B .soak-build -DCMAKE_BUILD_TYPE=RelWithDebInfo && cmake --build .soak-build --parallel";

/// What is looked at where no metric is named: what a leak shows first, then what costs, then what is noisy.
constexpr std::array preferred{"heap_growth_bytes_per_iteration",
                               "open_files_growth",
                               "threads_growth",
                               "children_growth",
                               "heap_peak_bytes",
                               "heap_growth_bytes",
                               "heap_growth_blocks",
                               "allocations_per_iteration",
                               "iteration_time_ns",
                               "rss_growth_bytes",
                               "rss_peak_bytes"};

bool is_noisy(const std::string& metric) {
  const auto* const known = record::metric_named(metric);
  return known != nullptr && !known->is_exact;
}

bool is_change(const MetricChange& change) {
  return change.outcome == Outcome::worse || change.outcome == Outcome::better;
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
  std::vector<std::string> known(preferred.begin(), preferred.end());
  throw UserError(fmt::format("unknown metric '{}'{}", metric, did_you_mean(metric, known)));
}

BisectionState new_bisection(const Options& options, const history::Repository& repository,
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

/// An end at several lengths, longest first.
using Lengths = std::vector<Measurement>;

Measurement only_one(const history::MeasuredRun& run) {
  const auto& measurement = run.measurements.at(0);
  if (!measurement.trouble.empty()) throw app::NotRunnable(measurement.trouble);
  return measurement;
}

constexpr std::int64_t shortest_run = 16;

/// Shorter ones only where the binary can be told its iterations.
Lengths run_lengths(app::CommitTrial& trial, int repetitions) {
  Lengths lengths{only_one(trial.run({.iterations = {}, .repetitions = repetitions}))};
  for (auto n = lengths.front().iterations / 4; n >= shortest_run && lengths.size() < 4; n /= 4) {
    auto shorter = only_one(trial.run({.iterations = n, .repetitions = repetitions}));
    if (shorter.iterations != n) break;
    lengths.push_back(std::move(shorter));
  }
  return lengths;
}

Lengths run_end(app::CommitTrial& trial, const std::string& commit, int repetitions, const char* which) {
  try {
    trial.build(commit);
    return run_lengths(trial, repetitions);
  } catch (const app::NotRunnable& problem) {
    throw UserError(fmt::format("the {} end, {}, cannot be measured: {}", which, short_hash(commit), problem.what()));
  }
}

std::optional<MetricChange> change_of(const std::string& metric, const Measurement& good, const Measurement& bad) {
  return history::compare_metric(*record::metric_named(metric), {good, bad});
}

/// The metric to follow. Throws UserError where both ends are alike in it, or in all.
std::string proven_metric(const std::string& asked, const Measurement& good, const Measurement& bad) {
  std::string alike;
  for (const Outcome wanted : {Outcome::worse, Outcome::better})
    for (const char* const metric : preferred) {
      if (!asked.empty() && asked != metric) continue;
      const auto change = change_of(metric, good, bad);
      if (change && change->outcome == wanted) return metric;
      if (change && asked == metric)
        alike = fmt::format(" ({} and {})", report::figure_text(change->base, change->unit),
                            report::figure_text(change->head, change->unit));
    }
  throw UserError(fmt::format("both ends are alike in {}{}: there is no commit to find",
                              asked.empty() ? "every metric" : asked, alike));
}

/// Does the shorter run show the same difference, and not only what warm-up makes of it?
bool shows_it(const MetricChange& whole, const MetricChange& shorter, double share_of_length) {
  if (!is_change(shorter) || shorter.outcome != whole.outcome) return false;
  const bool adds_up = whole.unit == record::Unit::bytes || whole.unit == record::Unit::count;
  const double expected = std::abs(*whole.head - *whole.base) * (adds_up ? share_of_length : 1);
  return std::abs(*shorter.head - *shorter.base) >= expected / 2;
}

void choose_length(const Lengths& good, const Lengths& bad, BisectionState& state) {
  const auto& metric = state.request.metric;
  const auto whole = *change_of(metric, good.front(), bad.front());
  std::size_t chosen = 0;
  for (std::size_t i = 1; i < std::min(good.size(), bad.size()); ++i) {
    const auto change = change_of(metric, good[i], bad[i]);
    const double share = static_cast<double>(good[i].iterations) / static_cast<double>(good.front().iterations);
    if (!change || !shows_it(whole, *change, share)) break;
    chosen = i;
  }
  state.iterations = good[chosen].iterations;
  state.good_value = history::median(good[chosen].figures.at(metric));
  state.bad_value = history::median(bad[chosen].figures.at(metric));
}

void prove_ends(app::CommitTrial& trial, BisectionState& state, const Options& options) {
  const bool takes_repetitions = is_noisy(state.request.metric);
  state.repetitions = takes_repetitions ? options.noisy_repetitions : 1;
  const auto good = run_end(trial, state.request.good, state.repetitions, "good");
  const auto bad = run_end(trial, state.request.bad, state.repetitions, "bad");
  state.request.metric = proven_metric(state.request.metric, good.front(), bad.front());
  choose_length(good, bad, state);
  const auto unit = record::metric_named(state.request.metric)->unit;
  app::talk(fmt::format("{} is {} at {} and {} at {}; {} iterations tell them apart", state.request.metric,
                        report::figure_text(state.good_value, unit), short_hash(state.request.good),
                        report::figure_text(state.bad_value, unit), short_hash(state.request.bad), state.iterations));
}

// --- the way between them

history::Attempt attempt(app::CommitTrial& trial, const std::string& commit, const BisectionState& state) {
  try {
    trial.build(commit);
    const auto measured = only_one(trial.run({.iterations = state.iterations, .repetitions = state.repetitions}));
    const auto values = measured.figures.find(state.request.metric);
    if (values == measured.figures.end() || values->second.empty()) return {{}, "measured nothing"};
    return {history::median(values->second), {}};
  } catch (const app::NotRunnable& problem) {
    return {{}, problem.what()};
  }
}

void tell(const history::Tried& tried, std::size_t left, record::Unit unit) {
  const char* const word = tried.finding == history::Finding::good  ? "good"
                           : tried.finding == history::Finding::bad ? "bad"
                                                                    : "skipped";
  app::talk(fmt::format("{} is {}: {}; about {} left", short_hash(tried.commit), word,
                        tried.value ? report::figure_text(*tried.value, unit) : tried.why, left));
}

/// The parent where it can be built and run, else the good end.
history::MeasuredRun run_before(app::CommitTrial& trial, const std::string& commit,
                                const history::Repository& repository, const BisectionState& state,
                                const app::CommitTrial::Run& how) {
  try {
    trial.build(repository.commit_of(commit + "^"));
    return trial.run(how);
  } catch (const app::NotRunnable&) {
    trial.build(state.request.good);
    return trial.run(how);
  }
}

std::string describe(const std::string& commit, const history::Repository& repository) {
  return repository.git({"log", "-1", "--format=%h %s%n%an, %ad", "--date=iso", commit});
}

bool print_found(app::CommitTrial& trial, const std::string& commit, const history::Repository& repository,
                 const BisectionState& state, const config::Config& config) {
  auto text = fmt::format("{} changed {} of {}\n{}\n", short_hash(commit), state.request.metric,
                          state.request.scenario, describe(commit, repository));
  try {
    const app::CommitTrial::Run how{.iterations = {}, .repetitions = state.repetitions, .explain = true};
    const auto before = run_before(trial, commit, repository, state, how);
    trial.build(commit);
    auto comparison = history::compare(before, trial.run(how), config, history::AcrossMachines::no);
    history::name_files_relative_to(trial.tree().string(), comparison);
    text += report::comparison_text(comparison, report::terminal_style(STDOUT_FILENO));
  } catch (const app::NotRunnable& problem) {
    text += fmt::format("it could not be run again to be compared: {}\n", problem.what());
  }
  return app::print_result(text);
}

bool print_hidden(const std::vector<std::string>& candidates, const history::Repository& repository) {
  std::string text = "the first bad commit is one of these; those between could not be measured:\n";
  for (const auto& commit : candidates) text += describe(commit, repository);
  return app::print_result(text);
}

int carry_on(BisectionState& state, const history::Repository& repository, const history::BisectionFolder& folder,
             const Options& options) {
  const auto config = app::chosen_config(state.request.config_file);
  process::Interrupts interrupts;
  app::CommitTrial trial(repository, folder, state.request, config, interrupts);
  folder.save(state);
  folder.make_tree(state.request.bad);
  if (state.iterations == 0) {
    prove_ends(trial, state, options);
    folder.save(state);
  }
  const auto unit = record::metric_named(state.request.metric)->unit;
  const auto result =
      history::bisect(repository, folder, state,
                      {.try_commit = [&](const std::string& commit) { return attempt(trial, commit, state); },
                       .tell = [unit](const history::Tried& tried, std::size_t left) { tell(tried, left, unit); }});
  const bool found = !result.first_bad.empty();
  const bool printed = found ? print_found(trial, result.first_bad, repository, state, config)
                             : print_hidden(result.candidates, repository);
  return found && printed ? 0 : not_measured;
}

BisectionState state_to_go_on_from(const Options& options, const history::Repository& repository,
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
  return new_bisection(options, repository, app::chosen_config(options.request.config_file));
}

int bisect(const Options& options) {
  const history::Repository repository(".");
  const history::BisectionFolder folder(repository);
  if (options.abort) {
    folder.remove();
    return app::print_result("the bisection and its working tree are removed\n") ? 0 : not_measured;
  }
  auto state = state_to_go_on_from(options, repository, folder);
  try {
    const int status = carry_on(state, repository, folder, options);
    folder.remove();
    return status;
  } catch (const app::Interrupted&) {
    app::talk("interrupted; soak bisect --resume goes on, soak bisect --abort removes what is there");
    return interrupted;
  } catch (const UserError&) {
    folder.remove();  // the request itself was wrong: there is nothing to go on with
    throw;
  }
}

}  // namespace

void add_bisect(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("bisect", "find the commit that changed a metric, in a working tree of its own");
  const auto options = std::make_shared<Options>();
  auto& request = options->request;
  command->add_option("GOOD", request.good, "the older revision, in which all is well");
  command->add_option("BAD", request.bad, "the newer one");
  command->add_option("--scenario", request.scenario, "the scenario to run");
  command->add_option("--metric", request.metric, "the metric to follow; without it, the first that differs");
  command->add_option("--build", request.build_command, "how a commit is built, for a shell in its tree [CMake]");
  command->add_option("--binary", request.binary,
                      "the scenario binary: a name, or a path in the tree [run binaries]");
  command->add_option("-c,--config", request.config_file, "settings of the scenario [benchmarks.toml]");
  command->add_option("--repetitions", options->noisy_repetitions, "of each commit, for times and resident memory")
      ->check(CLI::Range(5, 1000))
      ->capture_default_str();
  auto* const resume = command->add_flag("--resume", options->resume, "go on with what was interrupted");
  command->add_flag("--abort", options->abort, "remove what was interrupted")->excludes(resume);
  command->callback([options, &action] { action = [options] { return bisect(*options); }; });
}

}  // namespace soak::cli
