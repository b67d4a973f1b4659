// soak trend [SCENARIO]: metrics over commits, and where they changed.
#include "report/trend.hpp"

#include <unistd.h>

#include <memory>

#include "app/judgement.hpp"
#include "cli/history_options.hpp"
#include "cli/subcommands.hpp"
#include "history/trend_of.hpp"

namespace soak::cli {
namespace {

struct Options {
  HistoryOptions history;
  history::TrendRequest request;
  bool json = false, fail_on_regression = false;
};

int trend(const Options& options) {
  const auto config = chosen_config(options.history.config_file);
  const auto found = history::trend_of(options.request, options.history.places(config));
  const bool printed = app::print_result(
      options.json ? to_json(found) : report::trend_text(found, report::terminal_style(STDOUT_FILENO)));
  if (options.fail_on_regression && has_regression(found)) return leak_found;
  return printed && !found.metrics.empty() ? 0 : not_measured;
}

}  // namespace

void add_trend(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("trend", "show metrics over the commits behind HEAD, and where they changed");
  const auto options = std::make_shared<Options>();
  command->add_option("SCENARIO", options->request.scenario, "one scenario; without it, all");
  command->add_option("--metric", options->request.metric, "one metric, such as heap_peak_bytes; without it, all");
  command->add_option("--since", options->request.since, "only commits after this revision");
  options->history.add_to(*command);
  command->add_flag("--across-machines", options->request.across_machines,
                    "times and resident memory of unlike machines and builds too");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->add_flag("--fail-on-regression", options->fail_on_regression, "exit with 1 where a metric got worse");
  command->callback([options, &action] { action = [options] { return trend(*options); }; });
}

}  // namespace soak::cli
