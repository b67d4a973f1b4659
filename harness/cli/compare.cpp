// soak compare BASE HEAD: what changed between two runs.
#include "history/compare.hpp"

#include <unistd.h>

#include <memory>

#include "app/judgement.hpp"
#include "app/report_subject.hpp"
#include "cli/history_options.hpp"
#include "cli/subcommands.hpp"
#include "report/comparison.hpp"

namespace soak::cli {
namespace {

struct Options {
  HistoryOptions history;
  std::string base, head;
  bool across_machines = false, json = false, markdown = false;
};

std::string drawn(const history::Comparison& comparison, const Options& options) {
  if (options.json) return history::to_json(comparison);
  if (options.markdown) return report::comparison_markdown(comparison);
  return report::comparison_text(comparison, report::terminal_style(STDOUT_FILENO));
}

int compare(const Options& options) {
  const auto config = chosen_config(options.history.config_file);
  const auto places = options.history.places(config);
  const auto base = history::find_run(options.base, places);
  const auto head = history::find_run(options.head, places);
  auto comparison = history::compare(
      base, head, config, options.across_machines ? history::AcrossMachines::yes : history::AcrossMachines::no);
  comparison.base_asked = options.base;
  comparison.head_asked = options.head;
  history::name_files_relative_to(app::source_folder().string(), comparison);
  const bool printed = app::print_result(drawn(comparison, options));
  if (comparison.broken_gates > 0) return leak_found;
  return printed && comparison.undecided_gates == 0 && !comparison.scenarios.empty() ? 0 : not_measured;
}

}  // namespace

void add_compare(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("compare",
                                           "show what changed between two runs; gates stand in "
                                           "benchmarks.toml");
  const auto options = std::make_shared<Options>();
  command
      ->add_option("BASE", options->base,
                   "the older run: a record's folder, a commit, branch or tag, latest, or Google Benchmark JSON")
      ->required();
  command->add_option("HEAD", options->head, "the newer run, named alike")->required();
  options->history.add_to(*command);
  command->add_flag("--across-machines", options->across_machines,
                    "compare times and resident memory of unlike machines and builds too");
  auto* const json = command->add_flag("--json", options->json, "for machines, on stdout");
  command->add_flag("--markdown", options->markdown, "for a pull request, on stdout")->excludes(json);
  command->callback([options, &action] { action = [options] { return compare(*options); }; });
}

}  // namespace soak::cli
