// What drives a service: a command an iteration, or a single long one. Its stop command runs the same way.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "process/event_loop.hpp"
#include "process/supervised.hpp"
#include "run/program/program_run.hpp"

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

}  // namespace soak::run
