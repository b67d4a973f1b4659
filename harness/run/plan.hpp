// Which scenarios are run, how, and for how long: what the binaries and benchmarks.toml have, filtered, and each
// scenario's share of the time when the whole run is given one.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"

namespace soak::run {

struct BinaryScenarios {
  std::filesystem::path binary;
  std::vector<std::string> benchmark_names;  ///< In the binary's order.
  bool is_foreign = false;                   ///< It has never heard of soak; see foreign/foreign_benchmark.hpp.
};

/// Where a binary is: as named, or beside the running program where the name is bare. Throws UserError where there is
/// none, or where it may not be executed.
[[nodiscard]] std::filesystem::path find_binary(const std::filesystem::path& named);

/// Asks the binary with --benchmark_list_tests. Throws UserError where it cannot be run, fails, or lists nothing.
[[nodiscard]] BinaryScenarios list_scenarios(const std::filesystem::path& binary);

/// The folder of the running program.
[[nodiscard]] std::filesystem::path program_folder();

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

/// Deals out what is left of the time among the scenarios that are left, as each of them begins: what one does not
/// use goes to those after it. Not for use by several threads at once.
class TimeShares {
 public:
  /// `jobs` scenarios at a time.
  TimeShares(std::chrono::seconds all, std::size_t scenarios, int jobs)
      : left_(all), scenarios_left_(scenarios), jobs_(jobs) {}

  /// The next scenario begins, `elapsed` after the first one did: its share in seconds, 0 where nothing is left.
  [[nodiscard]] double next(std::chrono::duration<double> elapsed);

 private:
  std::chrono::duration<double> left_;
  std::size_t scenarios_left_;
  int jobs_;
};

/// How to fill a share.
struct Filling {
  std::int64_t iterations = 0;  ///< Of each repetition, as planned or more.
  int repetitions = 1;
};

/// After a first run as planned, the pilot: so many more iterations, in as many repetitions as were planned, that
/// they fill three quarters of the share; the last quarter is for what may have to be confirmed and explained. What
/// cannot be scaled (no planned iterations) is repeated instead, a thousand times at most. As planned where the share
/// is no longer than that, or the pilot did not finish.
[[nodiscard]] Filling fill_share(const record::Scenario& planned, const record::Repetition& pilot, bool can_be_scaled,
                                 double share_seconds);

}  // namespace soak::run
