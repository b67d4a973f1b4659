#include "run/rerun_command.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "base/shell_words.hpp"
#include "record/identity.hpp"
#include "run/binaries.hpp"

namespace soak::run {

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

}  // namespace soak::run
