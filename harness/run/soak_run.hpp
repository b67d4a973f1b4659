// A whole run: plan, one child process after the other, the record.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"
#include "process/signals.hpp"
#include "record/record.hpp"
#include "run/plan.hpp"

namespace soak::run {

/// How long the scenario should run next, now that it has the runs of the record; empty: it need not.
using NextRunLength = std::function<std::optional<std::int64_t>(const record::Scenario&)>;

struct RunRequest {
  std::vector<std::filesystem::path> binaries;  ///< Empty: those of the config.
  std::filesystem::path results;                ///< Empty: the config's.
  bool only_programs = false;  ///< Run programs of the config, no binaries: what `soak exec` asks for.
  std::string rerun_command;   ///< The command line to put down for running it again; empty: made from the request.
  /// Of `soak watch`: a process that runs already, and how long it is looked at.
  struct Watch {
    std::string name;
    pid_t pid = 0;
    std::chrono::milliseconds duration{0};
  };
  std::optional<Watch> watch;
  PlanOptions plan;
  std::optional<int> checkpoint_count;
  int jobs = 1;                                  ///< Scenarios at a time.
  std::optional<std::chrono::seconds> duration;  ///< Of the whole run, which scenarios then share; see TimeShares.
  bool progress_on_terminal = false;
  std::int64_t memory_limit_bytes = 0;  ///< Of a child and all it started, where its scenario sets none. 0: no limit.
  process::Interrupts* interrupts = nullptr;  ///< What ends the run early; none: nothing does.
  NextRunLength next_run_length;              ///< Asked after each run of a scenario; none: every scenario runs once.
  NextRunLength explained_run_length;         ///< Asked then: how long to run with call sites on; none: never.
};

struct RunOutcome {
  record::Run run;
  std::filesystem::path folder;
  std::string record_error;  ///< Why the record on disk is not whole; empty where it is.
};

/// Runs everything that was asked for. Throws UserError before anything runs where the request cannot be carried out;
/// once scenarios run, whatever goes wrong is in the record. After Ctrl-C the run is returned as far as it came,
/// `interrupted`.
[[nodiscard]] RunOutcome run_scenarios(const RunRequest& request, const config::Config& config);

}  // namespace soak::run
