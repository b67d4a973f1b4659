#include "app/run_result.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace soak::app {
namespace {

verdict::MachineLimits limits_of(const config::ScenarioSettings& settings, verdict::MachineLimits limits) {
  limits.memory_bytes = settings.memory_limit_bytes.value_or(limits.memory_bytes);
  return limits;
}

/// A scenario that fills its share of the time has a third of that for being confirmed: the others have their shares
/// as well. Ten seconds are enough for any that is over in seconds.
std::chrono::milliseconds budget_in_share(const record::Scenario& scenario,
                                          const config::ScenarioSettings& settings) {
  constexpr double part = 0.3, shortest_seconds = 10;
  const auto first = scenario.repetitions.empty() ? 0 : scenario.repetitions.front().wall_seconds;
  const std::chrono::milliseconds most(static_cast<std::int64_t>(std::max(shortest_seconds, first * part) * 1000));
  return std::min(settings.confirm_budget.value_or(most), most);
}

/// Suspects, at other lengths.
run::NextRunLength confirming(const config::Config& config, const verdict::MachineLimits& limits,
                              bool time_is_shared) {
  return [&config, limits, time_is_shared](const record::Scenario& scenario) {
    auto settings = config.settings_for(scenario.name);
    if (time_is_shared) settings.confirm_budget = budget_in_share(scenario, settings);
    return verdict::next_run_length(scenario, settings, limits_of(settings, limits));
  };
}

/// What is to be run once more with call sites on.
run::NextRunLength explaining(const config::Config& config, const verdict::MachineLimits& limits,
                              verdict::Explain when) {
  return [&config, limits, when](const record::Scenario& scenario) {
    return verdict::explained_run_length(scenario, config, limits_of(config.settings_for(scenario.name), limits),
                                         when);
  };
}

}  // namespace

verdict::MachineLimits machine_limits() {
  verdict::MachineLimits limits;
  limits.memory_bytes = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 4;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) limits.open_files = static_cast<std::int64_t>(files.rlim_cur);
  return limits;
}

run::RunOutcome measure(run::RunRequest request, const config::Config& config, const Following& how) {
  auto limits = machine_limits();
  if (request.memory_limit_bytes == 0) request.memory_limit_bytes = limits.memory_bytes;
  limits.memory_bytes = request.memory_limit_bytes;
  if (how.confirm == Confirm::yes) request.next_run_length = confirming(config, limits, request.duration.has_value());
  request.explained_run_length = explaining(config, limits, how.explain);
  return run::run_scenarios(request, config);
}

RunResult measure_and_judge(run::RunRequest request, const config::Config& config, const Following& how) {
  auto outcome = measure(std::move(request), config, how);
  auto result = judge_again(std::move(outcome.run), std::move(outcome.folder), config);
  result.record_error = std::move(outcome.record_error);
  return result;
}

RunResult judge_again(record::Run run, std::filesystem::path folder, const config::Config& config) {
  auto verdict = verdict::judge(run, config);
  return {.run = std::move(run), .verdict = std::move(verdict), .folder = std::move(folder), .record_error = {}};
}

}  // namespace soak::app
