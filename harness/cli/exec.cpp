// soak exec [OPTIONS] -- COMMAND...: soaks any program.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <filesystem>
#include <memory>

#include "base/glob.hpp"
#include "base/shell_words.hpp"
#include "base/user_error.hpp"
#include "cli/durations.hpp"
#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "cli/whole_numbers.hpp"
#include "record/identity.hpp"
#include "run/binaries.hpp"
#include "run/program/inspect.hpp"

namespace soak::cli {
namespace {

struct Options {
  RunOptions run;
  config::Program program;
  std::string name, duration, drive, stop, timeout;
};

config::Program program_of(const Options& options) {
  auto program = options.program;
  if (!options.duration.empty()) program.duration = duration_of("--for", options.duration);
  if (!options.drive.empty()) program.drive = config::shell_command(options.drive);
  if (options.stop.starts_with("SIG"))
    program.stop = {options.stop};
  else if (!options.stop.empty())
    program.stop = config::shell_command(options.stop);
  if (const auto problem = config::problem_of(program))
    throw UserError(problem->key == "command" ? fmt::format("the command {}", problem->message)
                                              : fmt::format("--{} {}", problem->key, problem->message));
  return program;
}

/// What else was asked for, so that the very same can be run again.
std::string rerun_command(const Options& options, const std::string& name, const config::Config& config) {
  std::vector<std::string> words{(run::program_folder() / "soak").string(), "exec", "--name=" + name};
  const auto add = [&words](const char* option, const std::string& value) {
    if (!value.empty()) words.push_back(fmt::format("--{}={}", option, value));
  };
  if (!options.program.lengths.empty()) add("iterations", fmt::format("{}", fmt::join(options.program.lengths, ",")));
  add("for", options.duration);
  add("ready", options.program.ready);
  add("drive", options.drive);
  add("stop", options.stop);
  add("timeout", options.timeout);
  if (options.program.max_driver_failures > 0)
    add("max-driver-failures", std::to_string(options.program.max_driver_failures));
  if (!config.file.empty()) add("config", std::filesystem::absolute(config.file).lexically_normal().string());
  if (options.run.checkpoint_count > 0) add("checkpoints", std::to_string(options.run.checkpoint_count));
  words.emplace_back("--");
  words.insert(words.end(), options.program.command.begin(), options.program.command.end());
  return quoted_for_shell(words);
}

int exec(Options& options) {
  auto config = chosen_config(options.run.config_file);
  const auto program = program_of(options);
  static_cast<void>(run::inspect_program(program.command.front(), ""));  // refused before anything else
  const auto name =
      options.name.empty() ? std::filesystem::path(program.command.front()).filename().string() : options.name;
  if (name.empty() || !Glob(name).is_plain())
    throw UserError(fmt::format("--name={}: a name is not empty and has no wildcards in it", name));
  keep_tables_for(name, config);
  auto& table = config.tables[name];
  if (table.settings.program)
    throw UserError(
        fmt::format("{} has a program of the name '{}' already: run it with `soak run "
                    "--benchmark_filter='^{}$'`, or choose another --name",
                    config.file.string(), name, record::escaped_for_filter(name)));
  table.settings.program = program;
  if (!options.timeout.empty()) table.timeout = duration_of("--timeout", options.timeout);
  auto& request = options.run.request;
  request.only_programs = true;
  request.plan.filter = "^" + record::escaped_for_filter(name) + "$";
  request.rerun_command = rerun_command(options, name, config);
  return run_and_judge(options.run, config);
}

}  // namespace

void add_exec(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("exec", "soak any program: soak exec [OPTIONS] -- COMMAND...");
  const auto options = std::make_shared<Options>();
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
  command->callback([options, &action] { action = [options] { return exec(*options); }; });
}

}  // namespace soak::cli
