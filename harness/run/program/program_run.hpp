// One run of a program: started, made ready, driven, watched, stopped, and nothing of it left. Or a program that runs
// already, watched and left as it is.
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/program.hpp"
#include "process/signals.hpp"
#include "record/record.hpp"
#include "region/region_sites.hpp"
#include "run/program/inspect.hpp"

namespace soak::run {

struct ProgramPlan {
  config::Program program;
  ProgramFile file;
  std::optional<std::int64_t> length;                    ///< Of this run: {iterations}, or the number of drives.
  std::map<std::string, std::string> environment;        ///< Of the program and of what drives and stops it.
  std::map<std::string, std::string> probe_environment;  ///< Of the program alone: how the probe is to measure.
  std::filesystem::path region;                          ///< Where the probe leaves what it measured.
  std::filesystem::path log;                             ///< Gets what the program prints, bounded.
  std::filesystem::path driver_log;
  std::chrono::milliseconds timeout{0};
  std::int64_t memory_limit_bytes = 0;  ///< Resident, of the whole tree; more ends it. 0: no limit.
  int checkpoint_count = 64;
  process::Interrupts* interrupts = nullptr;
};

struct ProgramOutcome {
  record::Repetition repetition;
  record::Measured measured = record::Measured::at_end;
  std::vector<std::string> notes;
  std::optional<region::RegionSites>
      sites;              ///< Where it ran with call sites on and was not measured in its own loop.
  std::string log_error;  ///< Why a log could not be written; empty where it was.
};

/// Runs it to its end, or to the end that the plan sets. Whatever goes wrong is in the repetition: how it ended and
/// why; what was measured until then is kept. When this returns, nothing that was started is left. `tick` is called
/// about ten times a second. One call at a time.
[[nodiscard]] ProgramOutcome run_program(const ProgramPlan& plan, const std::function<void(double seconds)>& tick);

/// Watches a process that runs already, by the operating system's figures alone, for at most `duration`, or until it
/// ends; it is left as it is.
[[nodiscard]] ProgramOutcome watch_process(pid_t pid, std::chrono::milliseconds duration, int checkpoint_count,
                                           process::Interrupts* interrupts,
                                           const std::function<void(double seconds)>& tick);

}  // namespace soak::run
