// soak report RUN: draws a record, for people and for machines.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "app/judgement.hpp"
#include "app/report_files.hpp"
#include "app/report_run.hpp"
#include "app/report_site.hpp"
#include "app/report_subject.hpp"
#include "base/printable.hpp"
#include "base/say.hpp"
#include "base/spelling.hpp"
#include "base/user_error.hpp"
#include "cli/history_options.hpp"
#include "cli/subcommands.hpp"
#include "history/compare.hpp"
#include "history/measure.hpp"
#include "record/record_file.hpp"
#include "report/terminal.hpp"
#include "run/work_files.hpp"

namespace soak::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  HistoryOptions history;
  fs::path run, output;
  std::string format, scenario, base;
  bool is_site = false;
};

void keep_only(record::Run& run, verdict::RunVerdict& verdict, const std::string& name) {
  std::vector<std::string> names;
  for (const auto& scenario : verdict.scenarios) names.push_back(scenario.name);
  if (std::ranges::count(names, name) == 0)
    throw UserError(fmt::format("the record has no scenario '{}'{}", printable(name), did_you_mean(name, names)));
  std::erase_if(run.scenarios, [&](const record::Scenario& scenario) { return scenario.name != name; });
  std::erase_if(verdict.scenarios, [&](const verdict::ScenarioVerdict& scenario) { return scenario.name != name; });
  verdict.verdict = verdict.scenarios.front().verdict;
}

std::string rendered(const report::Subject& subject, const Options& options) {
  if (!options.format.empty()) return app::format_named(options.format).render(subject);
  const auto style = options.output.empty() ? report::terminal_style(STDOUT_FILENO) : report::TerminalStyle{120};
  return report::render_terminal(subject, style, report::Detail::full);
}

std::optional<history::Comparison> comparison_with(const Options& options, const config::Config& config) {
  if (options.base.empty()) return {};
  const auto base = history::find_run(options.base, options.history.places(config));
  auto comparison =
      history::compare(base, history::load_measured(options.run, config), config, history::AcrossMachines::no);
  comparison.base_asked = options.base;
  comparison.head_asked = options.run.string();
  return comparison;
}

int site(const Options& options, const config::Config& config) {
  if (options.output.empty()) throw UserError("--history writes a folder of pages: name it with --output FOLDER");
  app::write_site(options.history.places(config), options.output);
  say(stderr, fmt::format("soak: {} shows all runs\n", (options.output / "index.html").string()));
  return 0;
}

int report(const Options& options) {
  if (!options.format.empty()) static_cast<void>(app::format_named(options.format));  // before anything is read
  const auto config = chosen_config(options.history.config_file);
  if (options.is_site) return site(options, config);
  if (options.run.empty()) throw UserError("which run is to be drawn? name a record, such as results/latest");
  auto run = record::load_run(options.run);
  run::take_unfinished_readings(run, app::folder_of_record(options.run));
  auto verdict = verdict::judge(run, config);
  if (!options.scenario.empty()) keep_only(run, verdict, options.scenario);
  auto subject = app::subject_of(run, verdict, config, options.run);
  const auto comparison = comparison_with(options, config);
  if (comparison) subject.comparison = &*comparison;
  const auto trend = options.format == "html" ? app::trend_behind(options.history.places(config)) : std::nullopt;
  if (trend) subject.trend = &*trend;
  const auto text = rendered(subject, options);
  if (options.output.empty()) return app::print_result(text) ? 0 : not_measured;
  try {
    app::write_report(options.output, text);
  } catch (const std::system_error& error) {
    throw UserError(fmt::format("the report could not be written: {}", error.what()));
  }
  return 0;
}

}  // namespace

void add_report(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("report", "draw a record: on the terminal, as a page, for machines");
  const auto options = std::make_shared<Options>();
  command->add_option("RUN", options->run,
                      "a record's folder, its run.json, or Google Benchmark JSON with soak's counters");
  std::string formats;
  for (const auto& format : report::all_formats())
    formats += fmt::format("{}{}", formats.empty() ? "" : ", ", format.name);
  command->add_option("--format", options->format, formats + "; without, text with every call site");
  command->add_option("-o,--output", options->output, "a file to write instead of stdout");
  command->add_option("--scenario", options->scenario, "of this scenario alone");
  command->add_option("--base", options->base,
                      "an older run, which html compares it with: named as for soak compare");
  command->add_flag("--history", options->is_site,
                    "instead of a run: a folder of pages about all runs, for --output");
  options->history.add_to(*command);
  command->callback([options, &action] { action = [options] { return report(*options); }; });
}

}  // namespace soak::cli
