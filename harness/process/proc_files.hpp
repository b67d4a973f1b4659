// What /proc says about one process (proc(5)).
//
// A process may end between two reads, or in the middle of one. That is no error: each function then returns nothing.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace soak::process {

struct ProcStat {
  std::string name;  ///< As the kernel cuts it: at most 15 bytes, of any value.
  char state = 0;    ///< 'Z' if it ended and its parent has not waited for it.
  double cpu_seconds = 0;
  std::int64_t threads = 0, vms_bytes = 0, rss_bytes = 0;

  [[nodiscard]] bool is_zombie() const { return state == 'Z'; }
};

[[nodiscard]] std::optional<ProcStat> read_stat(pid_t process);
/// Bytes; cheaper than read_stat, for a look ten times a second.
[[nodiscard]] std::optional<std::int64_t> resident_bytes(pid_t process);
/// Also empty if another user's process may not be looked into.
[[nodiscard]] std::optional<std::int64_t> count_open_files(pid_t process);
/// True if the process has a handler for the signal.
[[nodiscard]] std::optional<bool> catches_signal(pid_t process, int signal);
/// Also empty if another user's process may not be looked into.
[[nodiscard]] std::optional<std::filesystem::path> executable_of(pid_t process);
[[nodiscard]] bool process_exists(pid_t process);

/// Those of all its threads, zombies among them; none if it is gone.
[[nodiscard]] std::vector<pid_t> children_of(pid_t process);
/// Those that the calling thread started or adopted.
[[nodiscard]] std::vector<pid_t> children_of_this_thread();

}  // namespace soak::process
