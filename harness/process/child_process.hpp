// One child process, from its start to the last of its descendants: measured, with limits and a log, or a short
// command whose output is wanted.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "process/signals.hpp"
#include "process/supervised.hpp"

namespace soak::process {

struct ChildPlan {
  Command command;
  std::filesystem::path log;  ///< Gets what the child prints, bounded; see ChildLog.
  std::chrono::milliseconds timeout{0};
  std::int64_t memory_limit_bytes = 0;  ///< Resident, of the child and all it started; more ends them. 0: no limit.
  Interrupts* interrupts = nullptr;     ///< What ends the child early; none: nothing does.
};

struct ChildOutcome {
  std::optional<int> exit_status, signal;  ///< One of the two, unless the child could not be started.
  std::string start_error;                 ///< Why it could not be started; empty otherwise.
  bool timed_out = false;
  bool interrupted = false;
  std::optional<std::int64_t> exceeded_memory_bytes;  ///< Ended because it held so much.
  double wall_seconds = 0;
  std::string output_tail;  ///< The last lines it printed.
  std::string log_error;    ///< Why the log could not be written; empty where it was.
};

/// Runs the child in a process group of its own and waits. After the timeout, or when the user interrupts, the group
/// gets SIGTERM and five seconds later SIGKILL. When this returns, nothing that the child started is left, whether it
/// stayed in the group or not; what left the group while other threads were running children of theirs ends with the
/// last of those. `tick` is called about ten times a second. Several threads may each run one.
[[nodiscard]] ChildOutcome run_child(const ChildPlan& plan, const std::function<void(double elapsed_seconds)>& tick);

struct Captured {
  int exit_status = -1;  ///< -1: could not be started, died of a signal, or took too long; `error` says which.
  std::string output;    ///< Standard output.
  std::string errors;    ///< Standard error.
  std::string error;
};

/// `program` is a path, or a name looked for in PATH. The environment is scrubbed as a child's is. What it leaves in
/// its process group is ended with it; it may print `most_output_bytes` on either output.
[[nodiscard]] Captured capture(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                               std::chrono::milliseconds timeout = std::chrono::seconds{60},
                               std::size_t most_output_bytes = 1 << 20);

}  // namespace soak::process
