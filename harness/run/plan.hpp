// Which scenarios are run, and how.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"
#include "run/binaries.hpp"

namespace soak::run {

/// Matches full benchmark names as Google Benchmark does: an unanchored extended regular expression; a leading `-`
/// negates.
class ScenarioFilter {
 public:
  /// Throws UserError where `text` does not compile.
  explicit ScenarioFilter(const std::string& text);
  ~ScenarioFilter();
  ScenarioFilter(ScenarioFilter&&) noexcept;
  [[nodiscard]] bool matches(const std::string& benchmark_name) const;

 private:
  struct Expression;
  std::unique_ptr<Expression> expression_;
  bool negated_ = false;
};

struct PlanOptions {
  std::string filter;                      ///< Empty: all.
  std::optional<std::int64_t> iterations;  ///< Instead of what the binaries and benchmarks.toml plan.
  int repetitions = 1;                     ///< Child processes a scenario.
};

/// Every selected scenario with its repetitions still `planned`, `programs` first. Throws UserError where nothing
/// matches, or where two scenarios have the same name.
[[nodiscard]] std::vector<record::Scenario> plan_scenarios(const std::vector<BinaryScenarios>& binaries,
                                                           const config::Config& config, const PlanOptions& options,
                                                           std::vector<record::Scenario> programs = {});

/// The scenarios that are programs of benchmarks.toml, those that the filter matches. Throws UserError where one of
/// them cannot be started.
[[nodiscard]] std::vector<record::Scenario> plan_programs(const config::Config& config, const PlanOptions& options);

/// Identities of all that the binaries have, each once, sorted.
[[nodiscard]] std::vector<std::string> known_identities(const std::vector<BinaryScenarios>& binaries);

}  // namespace soak::run
