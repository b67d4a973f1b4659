// soak selftest: plants leaks at the edge of what the thresholds allow, and fails unless each is caught.
#include <fmt/format.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "base/scratch_folder.hpp"
#include "cli/subcommands.hpp"
#include "report/terminal_style.hpp"
#include "run/binaries.hpp"
#include "run/soak_run.hpp"
#include "selftest/checks.hpp"
#include "verdict/confirmation.hpp"

namespace soak::cli {
namespace {

namespace fs = std::filesystem;

struct Options {
  std::string config_file;
  fs::path results;
  bool json = false;
};

/// What is planted is small: these limits are far above all of it.
verdict::MachineLimits machine_limits() {
  verdict::MachineLimits limits;
  limits.memory_bytes = std::int64_t{2} << 30;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) limits.open_files = static_cast<std::int64_t>(files.rlim_cur);
  return limits;
}

int selftest(const Options& options) {
  const auto plants = selftest::plants_for(chosen_config(options.config_file).defaults);
  const auto config = selftest::config_for(plants, chosen_config(options.config_file));
  std::optional<ScratchFolder> scratch;  // where the record goes, unless a folder was named
  if (options.results.empty()) scratch.emplace("selftest");
  process::Interrupts interrupts;
  run::RunRequest request;
  request.binaries = {"soak_selftest_scenarios"};
  request.results = scratch ? scratch->path() : options.results;
  request.progress_on_terminal = report::can_rewrite_lines(STDERR_FILENO);
  request.interrupts = &interrupts;
  request.memory_limit_bytes = machine_limits().memory_bytes;
  request.next_run_length = [&](const record::Scenario& scenario) {
    return verdict::next_run_length(scenario, config.settings_for(scenario.name), machine_limits());
  };
  const auto outcome = run::run_scenarios(request, config);
  if (outcome.run.interrupted) return interrupted;
  const auto checks = selftest::check(plants, verdict::judge(outcome.run, config));
  const auto text = options.json ? selftest::json_of(checks) : selftest::text_of(checks);
  fmt::print("{}", text);
  return std::fflush(stdout) == 0 && selftest::all_passed(checks) ? 0 : not_measured;
}

}  // namespace

void add_selftest(CLI::App& app, Action& action) {
  auto* const command = app.add_subcommand(
      "selftest", "plant leaks at the edge of the limits; fails unless each is caught and each twin passes");
  const auto options = std::make_shared<Options>();
  command->add_option("-c,--config", options->config_file, "limits [benchmarks.toml]");
  command->add_option("--results", options->results, "keep the run record in this folder");
  command->add_flag("--json", options->json, "for machines, on stdout");
  command->callback([options, &action] { action = [options] { return selftest(*options); }; });
}

}  // namespace soak::cli
