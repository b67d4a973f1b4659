// Runs the scenarios of a record, one child process after the other, and keeps the record on disk whole meanwhile.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "config/config.hpp"
#include "process/child_process.hpp"
#include "run/collect.hpp"
#include "run/foreign/foreign_benchmark.hpp"
#include "run/plan.hpp"
#include "run/program/program_run.hpp"
#include "run/progress.hpp"
#include "run/record_writer.hpp"
#include "run/soak_run.hpp"

namespace soak::run {

enum class CallSites { off, on };

/// Borrows everything it is given. Several threads may run a scenario each.
class ScenarioRunner {
 public:
  ScenarioRunner(const RunRequest& request, const config::Config& config, RunOutcome& outcome, RecordWriter& writer,
                 Progress& progress);

  /// All repetitions of a scenario, longer or more of them where time is to be filled, and the scaled runs that are
  /// asked for then. False when the user interrupted.
  bool run(std::size_t index);

  /// Writes run.json and benchmark.json, and says so once when that fails: measuring goes on, and the run ends with a
  /// verdict all the same.
  void save();

 private:
  bool run_whole(record::Scenario& scenario);
  bool run_repetition(record::Scenario& scenario, std::size_t number);
  /// Runs as planned once, and plans so many more iterations that the share is filled.
  [[nodiscard]] bool is_suspect(const record::Scenario& scenario, const record::ScaledRun& pilot) const;
  bool lengthen(record::Scenario& scenario, double share_seconds);
  /// After its first repetition: plans more of them, of what cannot be lengthened.
  void repeat(record::Scenario& scenario, double share_seconds) const;
  [[nodiscard]] bool can_be_lengthened(const record::Scenario& scenario) const;
  /// How long to run with call sites on, which takes several times as long: what fills a share is not filled again.
  [[nodiscard]] std::optional<std::int64_t> explained_length(const record::Scenario& scenario) const;
  [[nodiscard]] std::chrono::milliseconds timeout_of(const record::Scenario& scenario) const;
  /// Lets others run while `child` does, and shows how long that takes.
  template <typename Child>
  auto beside_others(const record::Scenario& scenario, const std::filesystem::path& region, Child child);
  /// The same scenario at another length. Its rows stay out of benchmark.json, which is what was planned. False when
  /// the user interrupted, and the same below.
  bool run_scaled(record::Scenario& scenario, std::int64_t iterations);
  /// One process, whatever it is. What else becomes known of the scenario is added to it.
  record::Repetition measure(record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                             CallSites call_sites);
  [[nodiscard]] bool is_foreign(const record::Scenario& scenario) const;
  record::Repetition measure_foreign(record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                     CallSites call_sites);
  record::Repetition measure_program(record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                     CallSites call_sites);
  [[nodiscard]] ProgramPlan program_plan(const record::Scenario& scenario, const ChildFiles& files,
                                         std::size_t number, CallSites call_sites) const;
  [[nodiscard]] int checkpoint_count() const;
  [[nodiscard]] std::vector<std::int64_t> further_lengths(const record::Scenario& scenario) const;
  [[nodiscard]] static bool can_be_scaled(const record::Scenario& scenario);
  /// The same with call sites on.
  bool run_explained(record::Scenario& scenario, std::int64_t iterations);
  /// Nothing when the user interrupted.
  std::optional<record::ScaledRun> run_again(record::Scenario& scenario, std::int64_t iterations,
                                             CallSites call_sites);
  process::ChildOutcome run_planned(const record::Scenario& scenario, const ChildFiles& files, std::size_t number,
                                    CallSites call_sites);
  [[nodiscard]] process::ChildPlan child_plan(const record::Scenario& scenario, const ChildFiles& files,
                                              std::size_t number, CallSites call_sites) const;
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
  std::map<std::string, ForeignRun> foreign_;  ///< By scenario.

  /// Held by whoever runs a scenario, except while its child does: several jobs share record, writer and progress.
  std::mutex mutex_;
  std::optional<TimeShares> shares_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  struct Lengthened {
    std::chrono::milliseconds timeout{0};
    std::int64_t planned_iterations = 0;  ///< Before.
  };
  std::map<std::string, Lengthened> lengthened_;  ///< By scenario, of those that fill a share.
};

}  // namespace soak::run
