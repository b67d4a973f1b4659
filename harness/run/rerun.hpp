// One scenario of a run again, exactly as the runner starts it: as a command line, and under gdb.
#pragma once

#include <string>
#include <vector>

#include "config/config.hpp"
#include "record/record.hpp"
#include "run/soak_run.hpp"

namespace soak::run {

/// Quoted for a shell, with absolute paths: it works from any folder.
[[nodiscard]] std::string rerun_command(const record::Scenario& scenario, const RunRequest& request,
                                        const config::Config& config);

struct DebuggerStart {
  std::vector<std::string> arguments;    ///< The debugger's name first.
  std::vector<std::string> environment;  ///< All of it, each `NAME=value`.
};

/// For the one scenario that the request selects. Throws UserError where it selects more than one.
[[nodiscard]] DebuggerStart debugger_for(const RunRequest& request, const config::Config& config);

/// Becomes the debugger. Throws UserError where that cannot be started; else it does not return.
[[noreturn]] void start_debugger(const DebuggerStart& start);

}  // namespace soak::run
