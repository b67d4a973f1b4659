// soak run [BINARY...]: runs scenarios, judges them, writes a run record.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <memory>

#include "app/judgement.hpp"
#include "app/report_files.hpp"
#include "app/report_run.hpp"
#include "app/run_hooks.hpp"
#include "app/store_run.hpp"
#include "base/glob.hpp"
#include "base/say.hpp"
#include "base/units.hpp"
#include "base/user_error.hpp"
#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "report/terminal_style.hpp"
#include "run/debugger.hpp"
#include "verdict/verdict.hpp"

namespace soak::cli {
namespace {

/// Those asked for; without that what benchmarks.toml names and what the CI service shows.
std::vector<std::string> wanted_formats(const RunOptions& options, const config::Config& config) {
  if (options.report) return app::formats_in(*options.report);
  auto formats = config.report_formats;
  for (const auto& name : app::formats_of_ci())
    if (std::ranges::count(formats, name) == 0) formats.push_back(name);
  return formats;
}

std::chrono::seconds duration_from(const std::string& text) {
  const auto parsed = parse_duration(text);
  if (const auto* const error = std::get_if<UnitError>(&parsed))
    throw UserError(fmt::format("--for={}: {}", text, error->message));
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(std::get<std::chrono::milliseconds>(parsed));
  if (seconds.count() == 0) throw UserError(fmt::format("--for={}: must be a second or more", text));
  return seconds;
}

}  // namespace

int run_and_judge(RunOptions& options, const config::Config& config) {
  const auto formats = wanted_formats(options, config);
  if (options.iterations > 0) options.request.plan.iterations = options.iterations;
  if (options.checkpoint_count > 0) options.request.checkpoint_count = options.checkpoint_count;
  options.request.progress_on_terminal = report::can_rewrite_lines(STDERR_FILENO);

  if (!options.duration.empty()) options.request.duration = duration_from(options.duration);
  if (options.gdb) run::start_debugger(run::debugger_for(options.request, config));
  if (!options.no_confirm)
    options.request.next_run_length = app::confirming(config, options.request.duration.has_value());
  options.request.explained_run_length = app::explaining(config, options.explain);

  process::Interrupts interrupts;
  options.request.interrupts = &interrupts;
  options.request.memory_limit_bytes = app::machine_limits().memory_bytes;
  const auto outcome = run::run_scenarios(options.request, config);
  const int status = app::judge_and_print(outcome.run, config, {outcome.folder, outcome.folder},
                                          options.json ? app::Print::json : app::Print::table);
  if (options.measurements) {
    const auto verdict = verdict::judge(outcome.run, config);
    say(stdout, report::render_ctest({outcome.run, verdict}));
  }
  say(stderr, fmt::format("soak: the record {}is in {}\n", outcome.record_error.empty() ? "" : "is incomplete; it ",
                          outcome.folder.string()));
  if (!options.no_store) app::store_run(outcome.run, outcome.folder, config, options.store);
  const bool reported = app::report_run(outcome.run, config, {outcome.folder, options.store}, formats);
  if (outcome.run.interrupted) return interrupted;
  return outcome.record_error.empty() && reported ? status : app::at_least_not_measured(status);
}

void keep_tables_for(const std::string& name, config::Config& config) {
  std::erase_if(config.tables, [&](const auto& table) { return !Glob(table.first).matches(name); });
  std::erase_if(config.waivers, [&](const auto& waiver) { return !Glob(waiver.scenario).matches(name); });
}

void add_run_options(CLI::App& command, RunOptions& options) {
  auto& request = options.request;
  command.add_option("-c,--config", options.config_file, "scenarios and limits [benchmarks.toml]");
  command.add_option("--results", request.results, "where run records go [results]");
  command.add_option("--repetitions", request.plan.repetitions, "child processes a scenario [1]")
      ->check(CLI::Range(1, 1'000));
  command.add_option("--checkpoints", options.checkpoint_count, "checkpoints a scenario [64]")
      ->check(CLI::Range(2, 1000));
  command.add_option("--report", options.report,
                     "reports into the record's folder: html,junit,sarif,markdown,... [[report] formats]");
  command.add_flag("--no-confirm", options.no_confirm, "do not run suspects again at other lengths");
  command
      .add_option("--explain", options.explain,
                  "auto: run what leaks once more to find its lines; always: every scenario; never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->capture_default_str();
  command.add_flag("--measurements", options.measurements, "print the figures for CTest's dashboard as well");
  command.add_option("--store", options.store,
                     "the history it is added to: a file, or postgresql://... [history.db among the results]");
  command.add_flag("--no-store", options.no_store, "do not add it to the history");
  command.add_flag("--json", options.json, "the verdict for machines, on stdout");
}

void add_run(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("run", "run scenarios, judge them, write a run record");
  const auto options = std::make_shared<RunOptions>();
  auto& request = options->request;
  command->add_option("BINARY", request.binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("--benchmark_filter", request.plan.filter,
                      "run the scenarios whose full name this regular expression finds; -REGEX: all others");
  command->add_option("--iterations", options->iterations, "iterations of every scenario, instead of its own")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 48));
  command
      ->add_option("--for", options->duration,
                   "share this time, such as 8h, among the scenarios: each runs as many iterations as fit")
      ->excludes("--iterations");
  command
      ->add_option("--jobs", request.jobs, "scenarios at a time; exact counts survive neighbours, times do not [1]")
      ->check(CLI::Range(1, 256));
  command->add_flag("--gdb", options->gdb, "start the one selected scenario under gdb instead");
  add_run_options(*command, *options);
  command->callback([options, &action] {
    action = [options] { return run_and_judge(*options, chosen_config(options->config_file)); };
  });
}

}  // namespace soak::cli
