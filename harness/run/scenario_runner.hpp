// Runs the scenarios of a record, one child process after the other, and keeps the record on disk whole meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "run/child_process.hpp"
#include "run/collect.hpp"
#include "run/progress.hpp"
#include "run/record_writer.hpp"
#include "run/soak_run.hpp"

namespace soak::run {

enum class CallSites { off, on };

/// Borrows everything it is given.
class ScenarioRunner {
 public:
  ScenarioRunner(const RunRequest& request, const config::Config& config, RunOutcome& outcome, RecordWriter& writer,
                 Progress& progress);

  /// All repetitions of a scenario, and the scaled runs that are asked for then. False when the user interrupted.
  bool run(std::size_t index);

  /// Writes run.json and benchmark.json, and says so once when that fails: measuring goes on, and the run ends with a
  /// verdict all the same.
  void save();

 private:
  bool run_repetition(record::Scenario& scenario, std::size_t number);
  /// The same scenario at another length. Its rows stay out of benchmark.json, which is what was planned. False when
  /// the user interrupted, and the same below.
  bool run_scaled(record::Scenario& scenario, std::int64_t iterations);
  /// The same with call sites on.
  bool run_explained(record::Scenario& scenario, std::int64_t iterations);
  /// Nothing when the user interrupted.
  std::optional<record::ScaledRun> run_again(const record::Scenario& scenario, std::int64_t iterations,
                                             CallSites call_sites);
  ChildOutcome run_planned(const record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                           CallSites call_sites = CallSites::off);
  [[nodiscard]] ChildPlan child_plan(const record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                     CallSites call_sites) const;
  [[nodiscard]] std::size_t most_sites() const;
  void keep_benchmark_rows(const ChildFiles& files, std::size_t number, std::size_t repetitions);
  [[nodiscard]] bool interrupted() const;
  void save_now_and_then();
  void note_disk_error(const std::string& error);

  const RunRequest& request_;
  const config::Config& config_;
  RunOutcome& outcome_;
  RecordWriter& writer_;
  Progress& progress_;
  std::chrono::steady_clock::time_point last_save_{};
};

}  // namespace soak::run
