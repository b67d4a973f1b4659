// A short command whose output is wanted.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

namespace soak::process {

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
