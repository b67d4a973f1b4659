// soak watch PID: looks at a process that runs already.
#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <memory>

#include "base/shell_words.hpp"
#include "cli/durations.hpp"
#include "cli/run_options.hpp"
#include "cli/subcommands.hpp"
#include "cli/whole_numbers.hpp"
#include "run/binaries.hpp"

namespace soak::cli {
namespace {

struct Options {
  RunOptions run;
  pid_t pid = 0;
  std::string name, duration;
};

/// As the kernel has it; the number where there is no such process, which is refused later.
std::string name_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/comm", pid));
  std::string name;
  return std::getline(file, name) ? name : std::to_string(pid);
}

int watch(Options& options) {
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
  options.run.explain = "never";
  keep_tables_for(request.watch->name, config);
  return run_and_judge(options.run, config);
}

}  // namespace

void add_watch(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand("watch", "watch a process that runs already, from outside");
  const auto options = std::make_shared<Options>();
  command->add_option("PID", options->pid, "its number")
      ->required()
      ->check(whole_number(std::int64_t{1} << 22, "`pidof NAME` finds the number of a process"));
  command->add_option("--for", options->duration, "how long, as in 30min [until it ends, or Ctrl-C]");
  command->add_option("--name", options->name, "of the scenario, in benchmarks.toml and reports [the program's]");
  add_run_options(*command, options->run);
  command->callback([options, &action] { action = [options] { return watch(*options); }; });
}

}  // namespace soak::cli
