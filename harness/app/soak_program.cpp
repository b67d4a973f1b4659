#include "app/soak_program.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <utility>
#include <vector>

#include "app/chosen_config.hpp"
#include "base/glob.hpp"
#include "base/shell_words.hpp"
#include "base/user_error.hpp"
#include "record/identity.hpp"
#include "run/plan.hpp"
#include "run/program/inspect.hpp"

namespace soak::app {
namespace {

config::Program program_of(const ExecOptions& options) {
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
std::string rerun_command(const ExecOptions& options, const std::string& name, const config::Config& config) {
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
  if (options.run.request.checkpoint_count) add("checkpoints", std::to_string(*options.run.request.checkpoint_count));
  words.emplace_back("--");
  words.insert(words.end(), options.program.command.begin(), options.program.command.end());
  return quoted_for_shell(words);
}

/// As the kernel has it; the number where there is no such process, which is refused later.
std::string name_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  return std::getline(file, name) ? name : std::to_string(pid);
}

}  // namespace

int soak_program(ExecOptions options) {
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
  return soak_scenarios(std::move(options.run), config);
}

int watch_process(WatchOptions options) {
  constexpr auto until_it_ends = std::chrono::hours(24 * 365);
  auto config = chosen_config(options.run.config_file);
  auto& request = options.run.request;
  request.watch = run::RunRequest::Watch{
      .name = options.name.empty() ? name_of(options.pid) : options.name,
      .pid = options.pid,
      .duration = options.duration.empty() ? until_it_ends : duration_of("--for", options.duration)};
  request.rerun_command =
      quoted_for_shell({(run::program_folder() / "soak").string(), "watch", std::to_string(options.pid),
                        "--for=" + (options.duration.empty() ? "8760h" : options.duration)});
  options.run.following.explain = verdict::Explain::never;
  keep_tables_for(request.watch->name, config);
  return soak_scenarios(std::move(options.run), config);
}

}  // namespace soak::app
