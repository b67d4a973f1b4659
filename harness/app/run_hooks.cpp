#include "app/run_hooks.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "verdict/explain/run_length.hpp"

namespace soak::app {

verdict::MachineLimits machine_limits() {
  verdict::MachineLimits limits;
  limits.memory_bytes = static_cast<std::int64_t>(sysconf(_SC_PHYS_PAGES)) * sysconf(_SC_PAGESIZE) / 4;
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) limits.open_files = static_cast<std::int64_t>(files.rlim_cur);
  return limits;
}

namespace {

verdict::MachineLimits limits_of(const config::ScenarioSettings& settings) {
  auto limits = machine_limits();
  limits.memory_bytes = settings.memory_limit_bytes.value_or(limits.memory_bytes);
  return limits;
}

std::chrono::milliseconds budget_in_share(const record::Scenario& scenario,
                                          const config::ScenarioSettings& settings) {
  constexpr double part = 0.3, shortest_seconds = 10;
  const auto first = scenario.repetitions.empty() ? 0 : scenario.repetitions.front().wall_seconds;
  const std::chrono::milliseconds most(static_cast<std::int64_t>(std::max(shortest_seconds, first * part) * 1000));
  return std::min(settings.confirm_budget.value_or(most), most);
}

verdict::Explain when_to_explain(const std::string& option) {
  if (option == "always") return verdict::Explain::always;
  return option == "never" ? verdict::Explain::never : verdict::Explain::automatic;
}

}  // namespace

run::NextRunLength confirming(const config::Config& config, bool time_is_shared) {
  return [&config, time_is_shared](const record::Scenario& scenario) {
    auto settings = config.settings_for(scenario.name);
    if (time_is_shared) settings.confirm_budget = budget_in_share(scenario, settings);
    return verdict::next_run_length(scenario, settings, limits_of(settings));
  };
}

run::NextRunLength explaining(const config::Config& config, const std::string& option) {
  return [&config, when = when_to_explain(option)](const record::Scenario& scenario) {
    return verdict::explained_run_length(scenario, config, limits_of(config.settings_for(scenario.name)), when);
  };
}

}  // namespace soak::app
