#include "run/plan.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <regex>
#include <set>
#include <sstream>

#include "base/units.hpp"
#include "base/user_error.hpp"
#include "process/child_process.hpp"
#include "record/identity.hpp"
#include "run/foreign/foreign_benchmark.hpp"
#include "run/program/inspect.hpp"

namespace soak::run {
namespace fs = std::filesystem;
namespace {

[[noreturn]] void throw_nothing_matches(const std::string& filter, const std::vector<BinaryScenarios>& binaries) {
  const auto near = closest_spelling(filter, known_identities(binaries));
  throw UserError(fmt::format("--benchmark_filter={}: matches no scenario{}; `soak list` shows them all", filter,
                              near ? fmt::format("; did you mean '{}'?", *near) : ""));
}

record::Scenario planned(const std::filesystem::path& binary, const std::string& benchmark_name,
                         const config::Config& config, const PlanOptions& options) {
  record::Scenario scenario;
  scenario.name = record::identity_of(benchmark_name);
  scenario.benchmark_name = benchmark_name;
  scenario.binary = binary.string();
  scenario.threads = record::threads_in(benchmark_name);
  const auto settings = config.settings_for(scenario.name);
  scenario.is_fixed = settings.is_fixed.value_or(false);
  scenario.planned_iterations = options.iterations    ? options.iterations
                                : settings.iterations ? settings.iterations
                                                      : record::iterations_in(benchmark_name);
  if (settings.warm_up && scenario.planned_iterations && *settings.warm_up >= *scenario.planned_iterations)
    throw UserError(
        fmt::format("{}: its warm_up of {} iterations leaves nothing to judge of {}; run more, or lower it",
                    scenario.name, *settings.warm_up, *scenario.planned_iterations));
  scenario.repetitions.resize(static_cast<std::size_t>(options.repetitions));
  return scenario;
}

/// Of a program that is measured at its end the same length runs twice: how far the two lie apart is noise.
constexpr int repetitions_that_show_noise = 2;

record::Scenario planned_program(const std::string& name, const config::ScenarioSettings& settings,
                                 const PlanOptions& options) {
  const auto& program = *settings.program;
  auto file = inspect_program(program.command.front(), "");
  record::Scenario scenario;
  scenario.name = scenario.benchmark_name = name;
  scenario.is_fixed = settings.is_fixed.value_or(false);
  scenario.is_program = true;
  scenario.binary = file.path.string();
  scenario.notes = std::move(file.notes);
  if (!program.lengths.empty()) scenario.planned_iterations = options.iterations.value_or(program.lengths.front());
  const bool runs_to_its_end = !program.runs_on();
  scenario.measured = runs_to_its_end                     ? record::Measured::at_end
                      : program.is_driven_by_iterations() ? record::Measured::in_loop
                                                          : record::Measured::over_time;
  const bool needs_noise = runs_to_its_end && scenario.planned_iterations.has_value();
  scenario.repetitions.resize(
      static_cast<std::size_t>(std::max(options.repetitions, needs_noise ? repetitions_that_show_noise : 1)));
  return scenario;
}

/// Measured at its end, as programs are. How long it runs is found out when it first runs.
void plan_foreign(record::Scenario& scenario, const config::Config& config, const PlanOptions& options) {
  scenario.is_program = true;
  scenario.measured = record::Measured::at_end;
  scenario.planned_iterations =
      options.iterations ? options.iterations : config.settings_for(scenario.name).iterations;
  scenario.repetitions.resize(static_cast<std::size_t>(std::max(options.repetitions, repetitions_that_show_noise)));
  scenario.notes.emplace_back(
      "built without soak, so it runs with the probe preloaded and is judged by what is alive when it ends; what a "
      "benchmark frees after its loop does not show");
}

constexpr double part_for_the_run = 0.75;
constexpr std::int64_t most_iterations = std::int64_t{1} << 48;
constexpr double most_repetitions = 1000;

}  // namespace

fs::path program_folder() { return fs::read_symlink("/proc/self/exe").parent_path(); }

fs::path find_binary(const fs::path& named) {
  std::error_code ignored;
  auto found = named;
  if (!named.has_parent_path() && !fs::exists(named, ignored)) found = program_folder() / named;
  if (!fs::exists(found, ignored))
    throw UserError(fmt::format("{}: there is no such binary; build it, or name it with its folder", named.string()));
  if (fs::is_directory(found, ignored))
    throw UserError(fmt::format("{}: is a folder; name a binary built with Google Benchmark", named.string()));
  if (access(found.c_str(), X_OK) != 0)
    throw UserError(fmt::format("{}: may not be executed; try chmod +x", found.string()));
  return fs::absolute(found).lexically_normal();
}

BinaryScenarios list_scenarios(const fs::path& binary) {
  const auto listing = process::capture(binary, {"--benchmark_list_tests=true"});
  if (listing.exit_status != 0) {
    const auto why = listing.error.empty() ? fmt::format("exit status {}", listing.exit_status) : listing.error;
    throw UserError(fmt::format("{}: could not list its scenarios with --benchmark_list_tests ({})\n{}",
                                binary.string(), why, listing.errors));
  }
  BinaryScenarios scenarios{binary, {}, is_foreign(binary)};
  std::istringstream lines(listing.output);
  for (std::string line; std::getline(lines, line);)
    if (!line.empty()) scenarios.benchmark_names.push_back(line);
  if (scenarios.benchmark_names.empty())
    throw UserError(fmt::format("{}: has no scenarios; is it built with Google Benchmark?", binary.string()));
  return scenarios;
}

struct ScenarioFilter::Expression {
  std::regex regex;
};

ScenarioFilter::ScenarioFilter(const std::string& text) : negated_(text.starts_with('-')) {
  const auto pattern = negated_ ? text.substr(1) : text;
  try {
    expression_ = std::make_unique<Expression>(Expression{std::regex(pattern, std::regex_constants::extended)});
  } catch (const std::regex_error& error) {
    throw UserError(
        fmt::format("--benchmark_filter={}: is no POSIX extended regular expression: {}", text, error.what()));
  }
}
ScenarioFilter::~ScenarioFilter() = default;
ScenarioFilter::ScenarioFilter(ScenarioFilter&&) noexcept = default;

bool ScenarioFilter::matches(const std::string& benchmark_name) const {
  return std::regex_search(benchmark_name, expression_->regex) != negated_;
}

std::vector<record::Scenario> plan_programs(const config::Config& config, const PlanOptions& options) {
  const ScenarioFilter filter(options.filter);
  std::vector<record::Scenario> scenarios;
  for (const auto& [name, table] : config.tables)
    if (table.settings.program && filter.matches(name))
      scenarios.push_back(planned_program(name, config.settings_for(name), options));
  return scenarios;
}

std::vector<std::string> known_identities(const std::vector<BinaryScenarios>& binaries) {
  std::set<std::string> identities;
  for (const auto& binary : binaries)
    for (const auto& name : binary.benchmark_names) identities.insert(record::identity_of(name));
  return {identities.begin(), identities.end()};
}

std::vector<record::Scenario> plan_scenarios(const std::vector<BinaryScenarios>& binaries,
                                             const config::Config& config, const PlanOptions& options,
                                             std::vector<record::Scenario> programs) {
  const ScenarioFilter filter(options.filter);
  auto scenarios = std::move(programs);
  std::set<std::string> names;
  for (const auto& program : scenarios) names.insert(program.name);
  for (const auto& [binary, benchmark_names, is_foreign] : binaries)
    for (const auto& benchmark_name : benchmark_names) {
      if (!filter.matches(benchmark_name)) continue;
      scenarios.push_back(planned(binary, benchmark_name, config, options));
      if (is_foreign) plan_foreign(scenarios.back(), config, options);
      if (!names.insert(scenarios.back().name).second)
        throw UserError(fmt::format("{}: the scenario '{}' is there twice; results could not be told apart",
                                    binary.string(), scenarios.back().name));
    }
  if (scenarios.empty()) throw_nothing_matches(options.filter, binaries);
  return scenarios;
}

double TimeShares::next(std::chrono::duration<double> elapsed) {
  const auto left = std::max((left_ - elapsed).count(), 0.0);
  const auto at_once = std::min(static_cast<double>(jobs_), static_cast<double>(scenarios_left_));
  const auto share = scenarios_left_ == 0 ? 0 : left * at_once / static_cast<double>(scenarios_left_);
  if (scenarios_left_ > 0) --scenarios_left_;
  return share;
}

Filling fill_share(const record::Scenario& planned, const record::Repetition& pilot, bool can_be_scaled,
                   double share_seconds) {
  const auto repetitions = static_cast<int>(planned.repetitions.size());
  Filling filling{planned.planned_iterations.value_or(0), repetitions};
  const auto seconds = share_seconds * part_for_the_run - pilot.wall_seconds;
  if (pilot.ending != record::Ending::finished || pilot.wall_seconds <= 0) return filling;
  if (!can_be_scaled || !planned.planned_iterations) {
    const auto more = std::clamp(seconds / pilot.wall_seconds, 0.0, most_repetitions);
    filling.repetitions = std::max(repetitions, static_cast<int>(more));
    return filling;
  }
  const auto iteration_seconds = pilot.iteration_time_ns.value_or(0) / 1e9;
  if (iteration_seconds <= 0) return filling;
  const auto loop_seconds = iteration_seconds * static_cast<double>(*planned.planned_iterations);
  const auto around_the_loop = std::max(pilot.wall_seconds - loop_seconds, 0.0);
  const auto iterations = (seconds / repetitions - around_the_loop) / iteration_seconds;
  if (iterations > static_cast<double>(*planned.planned_iterations))
    filling.iterations =
        iterations < static_cast<double>(most_iterations) ? static_cast<std::int64_t>(iterations) : most_iterations;
  return filling;
}

}  // namespace soak::run
