// The command that runs one scenario of a run again, exactly as it was run.
#pragma once

#include <string>

#include "config/config.hpp"
#include "record/record.hpp"
#include "run/soak_run.hpp"

namespace soak::run {

/// Quoted for a shell, with absolute paths: it works from any folder.
[[nodiscard]] std::string rerun_command(const record::Scenario& scenario, const RunRequest& request,
                                        const config::Config& config);

}  // namespace soak::run
