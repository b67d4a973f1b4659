// What the verdict has to say while scenarios run: which to run again, and how long.
#pragma once

#include <string>

#include "config/config.hpp"
#include "run/soak_run.hpp"
#include "verdict/confirmation.hpp"

namespace soak::app {

/// A quarter of the machine's memory, and what a child may open.
[[nodiscard]] verdict::MachineLimits machine_limits();

/// Suspects, at other lengths. Of a run whose time is shared out (`--for`), a scenario that fills its share has a
/// third of that for it: the others have their shares as well. The config must outlive it.
[[nodiscard]] run::NextRunLength confirming(const config::Config& config, bool time_is_shared = false);

/// What is to be run once more with call sites on: `auto`, `always` or `never`. The config must outlive it.
[[nodiscard]] run::NextRunLength explaining(const config::Config& config, const std::string& option);

}  // namespace soak::app
