// The program that is measured: how it comes up, how it ends, and what is left of it. And what drives it if it is a
// service: a command per iteration, or a single long one.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "process/event_loop.hpp"
#include "process/supervised.hpp"
#include "run/program/program_run.hpp"
#include "run/program/readiness.hpp"
#include "run/program/samples.hpp"

namespace soak::run {

/// Borrows the plan and the loop.
class Driver {
 public:
  Driver(const ProgramPlan& plan, process::EventLoop& loop) : plan_(plan), loop_(loop) {}

  /// Without the probe. Throws UserError where there is no such program; null where it cannot be started: see
  /// start_error().
  std::unique_ptr<process::Supervised> start(const std::vector<std::string>& command);
  [[nodiscard]] const std::string& start_error() const { return start_error_; }

  /// Takes down how one of them ended; `iteration` is 0 for a single long one. False once more of them failed than
  /// are allowed.
  bool accept(const process::Supervised& ended, std::int64_t iteration);
  /// "failed 3 times, the first in iteration 7: ended with status 1"; empty where none did.
  [[nodiscard]] std::string failures() const;
  /// The last of what they printed, in quotes.
  [[nodiscard]] std::string printed() const;
  void close_log();

 private:
  const ProgramPlan& plan_;
  process::EventLoop& loop_;
  std::unique_ptr<process::ChildLog> log_;  ///< Only there once something runs.
  std::string start_error_, first_failure_;
  std::int64_t failures_ = 0;
};

/// Collects the outcome of a run; the first thing that goes wrong is what it tells.
class MeasuredProgram {
 public:
  MeasuredProgram(const ProgramPlan& plan, const std::function<void(double)>& tick);

  /// False, and the outcome says why, where it could not be started.
  bool start();
  /// False, and the outcome says why, where it did not become ready.
  bool wait_until_ready();
  /// Until nothing is allocated any more, for a while at most: what a request set off may go on after its answer.
  /// Then garbage is collected, where the program does so when asked to.
  void settle();
  /// A reading of it follows: what is garbage is not to be taken for growth.
  void collect_garbage();
  /// A sample; also of call sites, which are megabytes, now and then. Empty where it is gone.
  std::optional<record::Checkpoint> sample(std::int64_t iteration);

  void fail(std::string message);
  /// What the event loop found: the run was interrupted, took too long or too much memory.
  void report_early_end();
  /// It ended by itself: with a bad status, or leaving processes behind, that is a failure.
  void report_own_end();
  /// The same of a service, which should not have ended at all. `when` as in "in iteration 7".
  void report_gone(const std::string& when);
  /// Stops what still runs, kills what does not stop, and hands over the outcome.
  ProgramOutcome finish();

  [[nodiscard]] record::Repetition& repetition() { return outcome_.repetition; }
  [[nodiscard]] ProgramOutcome& outcome() { return outcome_; }
  [[nodiscard]] bool is_fine() const { return outcome_.repetition.ending == record::Ending::finished; }
  [[nodiscard]] bool has_ended() const { return process_->has_ended(); }
  [[nodiscard]] const process::Supervised& process() const { return *process_; }
  [[nodiscard]] Sampler& sampler() { return *sampler_; }
  [[nodiscard]] process::EventLoop& loop() { return loop_; }
  [[nodiscard]] Driver& driver() { return driver_; }
  /// Of placeholders: port, pid, iterations.
  [[nodiscard]] const config::Placeholders& values() const { return values_; }

 private:
  [[nodiscard]] process::Command measured_command();
  void wait_for_rest();
  void watch_memory();
  void refuse_leftovers();
  void explain_missing_heap();
  void note_uncounted_children();
  void stop();
  void ask_it_to_stop();
  template <typename Done>
  void wait_for(Done done, std::chrono::milliseconds time);

  const ProgramPlan& plan_;
  process::ChildLog log_;
  process::EventLoop loop_;
  Driver driver_;
  ProgramOutcome outcome_;
  config::Placeholders values_;
  std::unique_ptr<Readiness> readiness_;
  std::unique_ptr<process::Supervised> process_;
  std::unique_ptr<Sampler> sampler_;
  SiteSamples sites_;
  std::int64_t samples_taken_ = 0, held_bytes_ = 0;
};

}  // namespace soak::run
