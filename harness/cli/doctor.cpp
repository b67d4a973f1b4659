// soak doctor [BINARY...]: can it be measured here, and if not, what to do next.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <memory>

#include "cli/subcommands.hpp"
#include "doctor/prognosis.hpp"

namespace soak::cli {
namespace {

struct Options {
  std::vector<std::filesystem::path> binaries;
  std::string config_file;
  bool json = false;
};

int examine(const Options& options) {
  const auto config = chosen_config(options.config_file);
  auto findings = doctor::check_machine(config.results);
  for (const auto& binary : options.binaries.empty() ? config.binaries : options.binaries)
    for (auto& finding : doctor::check_binary(binary)) findings.push_back(std::move(finding));
  fmt::print("{}", options.json ? doctor::json_of(findings) : doctor::text_of(findings));
  const bool printed = std::fflush(stdout) == 0;
  return printed && doctor::worst_of(findings) != doctor::Health::bad ? 0 : not_measured;
}

}  // namespace

void add_doctor(CLI::App& app, Action& action) {
  auto* const command =
      app.add_subcommand("doctor", "see whether scenarios can be measured here, and what to do if not");
  const auto options = std::make_shared<Options>();
  command->add_option("BINARY", options->binaries, "scenario binaries; without any, those of [run] binaries");
  command->add_option("-c,--config", options->config_file, "names binaries and results [benchmarks.toml]");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->callback([options, &action] { action = [options] { return examine(*options); }; });
}

}  // namespace soak::cli
