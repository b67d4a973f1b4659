// soak exec and soak watch: any program, started or running already, as one scenario.
#pragma once

#include <sys/types.h>

#include <string>

#include "app/soak_scenarios.hpp"
#include "config/program.hpp"

namespace soak::app {

/// Texts stand as they were given on the command line; empty: not given.
struct ExecOptions {
  RunOptions run;
  config::Program program;
  std::string name, duration, drive, stop, timeout;
};

/// Returns the exit status. Throws UserError if the program or its options cannot be run as asked.
[[nodiscard]] int soak_program(ExecOptions options);

struct WatchOptions {
  RunOptions run;
  pid_t pid = 0;
  std::string name;      ///< Empty: as the kernel names the process.
  std::string duration;  ///< Empty: until it ends.
};

/// The same of a process that runs already, seen from outside.
[[nodiscard]] int watch_process(WatchOptions options);

}  // namespace soak::app
