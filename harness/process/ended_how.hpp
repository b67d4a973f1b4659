// The end of a process in words.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "process/supervised.hpp"

namespace soak::process {

/// "died of signal 6 (Aborted)", "ended with status 1".
[[nodiscard]] inline std::string ended_how(const Supervised& process) {
  if (const auto signal = process.signal()) return fmt::format("died of signal {} ({})", *signal, strsignal(*signal));
  return fmt::format("ended with status {}", process.exit_status().value_or(0));
}

}  // namespace soak::process
