#include "run/rerun.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/shell_words.hpp"
#include "base/user_error.hpp"
#include "process/environment.hpp"
#include "process/signals.hpp"
#include "record/identity.hpp"
#include "run/plan.hpp"

namespace soak::run {
namespace {

record::Scenario only_scenario(const RunRequest& request, const config::Config& config) {
  std::vector<BinaryScenarios> listings;
  for (const auto& binary : request.binaries.empty() ? config.binaries : request.binaries)
    listings.push_back(list_scenarios(find_binary(binary)));
  if (listings.empty()) throw UserError("--gdb: no scenario binary is named: pass one, or write [run] binaries");
  auto scenarios = plan_scenarios(listings, config, request.plan);
  if (scenarios.size() == 1) return std::move(scenarios.front());
  constexpr std::size_t most_told = 5;
  std::vector<std::string> names;
  for (const auto& scenario : scenarios)
    if (names.size() < most_told) names.push_back(scenario.name);
  throw UserError(fmt::format("--gdb: {} scenarios are selected ({}{}); select one with --benchmark_filter",
                              scenarios.size(), fmt::join(names, ", "), scenarios.size() > most_told ? ", ..." : ""));
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const auto& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

std::string rerun_command(const record::Scenario& scenario, const RunRequest& request, const config::Config& config) {
  const auto filter = "--benchmark_filter=^" + record::escaped_for_filter(scenario.benchmark_name) + "$";
  const auto binary =
      config.settings_for(scenario.name).program ? std::string() : quoted_for_shell(scenario.binary) + " ";
  auto command = fmt::format("{} run {}{}", quoted_for_shell((program_folder() / "soak").string()), binary,
                             quoted_for_shell(filter));
  if (!config.file.empty())
    command += " --config " + quoted_for_shell(std::filesystem::absolute(config.file).lexically_normal().string());
  if (request.plan.iterations) command += fmt::format(" --iterations={}", *request.plan.iterations);
  if (request.checkpoint_count) command += fmt::format(" --checkpoints={}", *request.checkpoint_count);
  return command;
}

DebuggerStart debugger_for(const RunRequest& request, const config::Config& config) {
  const auto scenario = only_scenario(request, config);
  auto additions = config.settings_for(scenario.name).env;
  if (const auto count = request.checkpoint_count ? request.checkpoint_count : config.checkpoint_count)
    additions["SOAK_CHECKPOINTS"] = std::to_string(*count);
  if (scenario.planned_iterations && scenario.planned_iterations != record::iterations_in(scenario.benchmark_name))
    additions["SOAK_ITERATIONS"] = std::to_string(*scenario.planned_iterations);
  return {{"gdb", "-q", "--args", scenario.binary, "--benchmark_filter=" + record::exact_filter(scenario.name)},
          process::child_environment(additions)};
}

void start_debugger(const DebuggerStart& start) {
  process::restore_default_signals();
  execvpe("gdb", pointers_to(start.arguments).data(), pointers_to(start.environment).data());
  throw UserError(
      fmt::format("gdb could not be started: {}; install it (apt-get install gdb)", std::strerror(errno)));
}

}  // namespace soak::run
