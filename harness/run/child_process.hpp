// One child process, from its start to the last of its descendants.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace soak::run {

struct ChildPlan {
  std::filesystem::path executable;
  std::vector<std::string> arguments;    ///< Without the executable's own name.
  std::vector<std::string> environment;  ///< All of it, each `NAME=value`.
  std::filesystem::path log;             ///< Gets what the child prints, bounded; see ChildLog.
  std::chrono::milliseconds timeout{0};
};

struct ChildOutcome {
  std::optional<int> exit_status, signal;  ///< One of the two, unless the child could not be started.
  std::string start_error;                 ///< Why it could not be started; empty otherwise.
  bool timed_out = false;
  bool interrupted = false;  ///< SIGINT or SIGTERM reached the runner.
  double wall_seconds = 0;
  std::string output_tail;  ///< The last lines it printed.
  std::string log_error;    ///< Why the log could not be written; empty where it was.
};

/// Runs the child in a process group of its own and waits. After the timeout, or when the user interrupts, the group
/// gets SIGTERM and five seconds later SIGKILL. When this returns, nothing that the child started is left, whether it
/// stayed in the group or not. `tick` is called about five times a second. One call at a time: it owns SIGINT and
/// SIGTERM meanwhile.
[[nodiscard]] ChildOutcome run_child(const ChildPlan& plan, const std::function<void(double elapsed_seconds)>& tick);

}  // namespace soak::run
