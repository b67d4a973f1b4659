// soak history, compare, trend, bisect: their options.
#include <memory>

#include "app/bisect_commits.hpp"
#include "app/compare_runs.hpp"
#include "app/keep_history.hpp"
#include "cli/history_options.hpp"
#include "cli/subcommands.hpp"

namespace soak::cli {
namespace {

CLI::App& subcommand(CLI::App& parent, const std::shared_ptr<app::HistoryOptions>& options, Action& action,
                     const char* name, const char* what, int (*run)(const app::HistoryOptions&)) {
  auto* const command = parent.add_subcommand(name, what);
  add_history_place(*command, options->place);
  command->callback([options, run, &action] { action = [options, run] { return run(*options); }; });
  return *command;
}

}  // namespace

void add_history(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("history", "the runs that compare and trend know of");
  command->require_subcommand(1);
  const auto options = std::make_shared<app::HistoryOptions>();
  auto& importing =
      subcommand(*command, options, action, "import",
                 "read run records in; those that are there already are left alone", app::import_records);
  importing.add_option("RECORD", options->records, "records' folders, or folders of them [results]");
  subcommand(*command, options, action, "list", "show all runs, newest first", app::list_history);
  auto& pruning =
      subcommand(*command, options, action, "prune", "remove runs; records stay on disk", app::prune_history);
  pruning.add_option("--keep", options->keep, "keep so many of the newest")
      ->check(CLI::Range(std::size_t{1}, std::size_t{1} << 40));
  pruning.add_option("--before", options->older_than, "remove what was started before this day, YYYY-MM-DD");
  pruning.add_flag("--dry-run", options->dry_run, "only show what would be removed");
}

void add_compare(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("compare",
                                           "show what changed between two runs; gates stand in "
                                           "benchmarks.toml");
  const auto options = std::make_shared<app::CompareOptions>();
  command
      ->add_option("BASE", options->base,
                   "the older run: a record's folder, a commit, branch or tag, latest, or Google Benchmark JSON")
      ->required();
  command->add_option("HEAD", options->head, "the newer run, named alike")->required();
  add_history_place(*command, options->place);
  command->add_flag("--across-machines", options->across_machines,
                    "compare times and resident memory of unlike machines and builds too");
  auto* const json = command->add_flag("--json", options->json, "for machines, on stdout");
  command->add_flag("--markdown", options->markdown, "for a pull request, on stdout")->excludes(json);
  command->callback([options, &action] { action = [options] { return app::compare(*options); }; });
}

void add_trend(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("trend", "show metrics over the commits behind HEAD, and where they changed");
  const auto options = std::make_shared<app::TrendOptions>();
  command->add_option("SCENARIO", options->request.scenario, "one scenario; without it, all");
  command->add_option("--metric", options->request.metric, "one metric, such as heap_peak_bytes; without it, all");
  command->add_option("--since", options->request.since, "only commits after this revision");
  add_history_place(*command, options->place);
  command->add_flag("--across-machines", options->request.across_machines,
                    "times and resident memory of unlike machines and builds too");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->add_flag("--fail-on-regression", options->fail_on_regression, "exit with 1 where a metric got worse");
  command->callback([options, &action] { action = [options] { return app::trend(*options); }; });
}

void add_bisect(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("bisect", "find the commit that changed a metric, in a working tree of its own");
  const auto options = std::make_shared<app::BisectOptions>();
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
  command->callback([options, &action] { action = [options] { return app::bisect(*options); }; });
}

}  // namespace soak::cli
