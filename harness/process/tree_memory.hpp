// Resident memory of a process and all it started.
#pragma once

#include <sys/types.h>

#include <cstdint>

namespace soak::process {

/// Bytes; pages that several of them share count once for each. 0 where the process is gone.
[[nodiscard]] std::int64_t tree_resident_bytes(pid_t root);

}  // namespace soak::process
