#include "app/examine.hpp"

#include <unistd.h>

#include <optional>

#include "app/chosen_config.hpp"
#include "app/output.hpp"
#include "app/run_result.hpp"
#include "base/files.hpp"
#include "doctor/doctor.hpp"
#include "report/terminal_style.hpp"
#include "selftest/checks.hpp"

namespace soak::app {
namespace {

/// What is planted is small: this is far above all of it.
constexpr std::int64_t memory_for_plants_bytes = std::int64_t{2} << 30;

}  // namespace

int examine(const DoctorOptions& options) {
  const auto config = chosen_config(options.config_file);
  auto findings = doctor::check_machine(config.results);
  for (const auto& binary : options.binaries.empty() ? config.binaries : options.binaries)
    for (auto& finding : doctor::check_binary(binary)) findings.push_back(std::move(finding));
  return print_with_status(options.json ? doctor::json_of(findings) : doctor::text_of(findings),
                           doctor::worst_of(findings) == doctor::Health::bad ? not_measured : 0);
}

int selftest(const SelftestOptions& options) {
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
  request.memory_limit_bytes = memory_for_plants_bytes;
  const auto result = measure_and_judge(std::move(request), config, {.explain = verdict::Explain::never});
  if (result.run.interrupted) return interrupted;
  const auto checks = selftest::check(plants, result.verdict);
  return print_with_status(options.json ? selftest::json_of(checks) : selftest::text_of(checks),
                           selftest::all_passed(checks) ? 0 : not_measured);
}

}  // namespace soak::app
