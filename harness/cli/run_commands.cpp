// soak run, soak exec, soak watch: their options.
#include <fmt/format.h>

#include <chrono>
#include <map>
#include <memory>

#include "app/chosen_config.hpp"
#include "app/soak_program.hpp"
#include "app/soak_scenarios.hpp"
#include "base/user_error.hpp"
#include "cli/subcommands.hpp"

namespace soak::cli {
namespace {

const std::map<std::string, verdict::Explain> explain_when{
    {"auto", verdict::Explain::automatic}, {"always", verdict::Explain::always}, {"never", verdict::Explain::never}};

std::chrono::seconds seconds_of(const char* option, const std::string& text) {
  const auto time = std::chrono::duration_cast<std::chrono::seconds>(app::duration_of(option, text));
  if (time.count() == 0) throw UserError(fmt::format("{}={}: must be a second or more", option, text));
  return time;
}

/// The options that run, exec and watch take.
void add_run_options(CLI::App& command, app::RunOptions& options) {
  auto& request = options.request;
  command.add_option("-c,--config", options.config_file, "scenarios and limits [benchmarks.toml]");
  command.add_option("--results", request.results, "where run records go [results]");
  command.add_option("--repetitions", request.plan.repetitions, "child processes a scenario [1]")
      ->check(CLI::Range(1, 1'000));
  command.add_option("--checkpoints", request.checkpoint_count, "checkpoints a scenario [64]")
      ->check(CLI::Range(2, 1000));
  command.add_option("--report", options.report,
                     "reports into the record's folder: html,junit,sarif,markdown,... [[report] formats]");
  command.add_flag_callback(
      "--no-confirm", [&options] { options.following.confirm = app::Confirm::no; },
      "do not run suspects again at other lengths");
  command
      .add_option_function<std::string>(
          "--explain", [&options](const std::string& when) { options.following.explain = explain_when.at(when); },
          "auto: run what leaks once more to find its lines; always: every scenario; never")
      ->check(CLI::IsMember({"auto", "always", "never"}))
      ->default_str("auto");
  command.add_flag("--measurements", options.measurements, "print the figures for CTest's dashboard as well");
  command.add_option("--store", options.store,
                     "the history it is added to: a file, or postgresql://... [history.db among the results]");
  command.add_flag_callback(
      "--no-store", [&options] { options.is_stored = false; }, "do not add it to the history");
  command.add_flag("--json", options.json, "the verdict for machines, on stdout");
}

}  // namespace

void add_run(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("run", "run scenarios, judge them, write a run record");
  const auto options = std::make_shared<app::RunOptions>();
  auto& request = options->request;
  command->add_option("BINARY", request.binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("--benchmark_filter", request.plan.filter,
                      "run the scenarios whose full name this regular expression finds; -REGEX: all others");
  command->add_option("--iterations", request.plan.iterations, "iterations of every scenario, instead of its own")
      ->check(CLI::Range(std::int64_t{1}, std::int64_t{1} << 48));
  command
      ->add_option_function<std::string>(
          "--for", [options](const std::string& text) { options->request.duration = seconds_of("--for", text); },
          "share this time, such as 8h, among the scenarios: each runs as many iterations as fit")
      ->excludes("--iterations");
  command
      ->add_option("--jobs", request.jobs, "scenarios at a time; exact counts survive neighbours, times do not [1]")
      ->check(CLI::Range(1, 256));
  command->add_flag("--gdb", options->gdb, "start the one selected scenario under gdb instead");
  add_run_options(*command, *options);
  command->callback([options, &action] {
    action = [options] { return app::soak_scenarios(*options, app::chosen_config(options->config_file)); };
  });
}

void add_exec(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("exec", "soak any program: soak exec [OPTIONS] -- COMMAND...");
  const auto options = std::make_shared<app::ExecOptions>();
  auto& program = options->program;
  command
      ->add_option("COMMAND", program.command,
                   "behind --: the program and its arguments; may hold {iterations} and {port}")
      ->required();
  command->add_option("--name", options->name, "of the scenario, in benchmarks.toml and reports [the program's]");
  command
      ->add_option("--iterations", program.lengths,
                   "run it at each of these values of {iterations}, as in 100,400,1600; with --drive: drives")
      ->delimiter(',')
      ->check(whole_number(std::int64_t{1} << 48, "write --iterations=100,400,1600"));
  command->add_option("--for", options->duration, "watch it for so long while it runs on, as in 30min");
  command->add_option("--ready", program.ready, "it is ready when: tcp, tcp:PORT, http://..., log:REGEX");
  command->add_option(
      "--drive", options->drive,
      "shell command that drives it: once an iteration, or without --iterations a single long one; may "
      "hold {iteration}, {port} and {pid}");
  command->add_option("--stop", options->stop,
                      "how it is stopped: SIGTERM, SIGINT, ..., or a shell command [SIGTERM]");
  command->add_option("--timeout", options->timeout, "of one run of it, the time of --for not counted [10 min]");
  command
      ->add_option("--max-driver-failures", program.max_driver_failures, "failures of the driver to put up with [0]")
      ->check(CLI::NonNegativeNumber);
  add_run_options(*command, options->run);
  command->callback([options, &action] { action = [options] { return app::soak_program(*options); }; });
}

void add_watch(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("watch", "watch a process that runs already, from outside");
  const auto options = std::make_shared<app::WatchOptions>();
  command->add_option("PID", options->pid, "its number")
      ->required()
      ->check(whole_number(std::int64_t{1} << 22, "`pidof NAME` finds the number of a process"));
  command->add_option("--for", options->duration, "how long, as in 30min [until it ends, or Ctrl-C]");
  command->add_option("--name", options->name, "of the scenario, in benchmarks.toml and reports [the program's]");
  add_run_options(*command, options->run);
  command->callback([options, &action] { action = [options] { return app::watch_process(*options); }; });
}

}  // namespace soak::cli
