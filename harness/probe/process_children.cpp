#include "probe/process_children.hpp"

#include <errno.h>
#include <sys/wait.h>

#include "probe/numbered_entries.hpp"
#include "probe/own_calls.hpp"
#include "probe/path_builder.hpp"
#include "probe/process_stat.hpp"

namespace soak::probe {
namespace {

void add_child(layout::Reading& reading, std::int64_t pid) noexcept {
  ++reading.children;
  if (read_process_stat(pid).state == 'Z') ++reading.zombies;
}

/// "12 34 56 " and so on, of any length. False where the kernel does not keep such lists (CONFIG_PROC_CHILDREN).
bool count_children_of_thread(layout::Reading& reading, std::int64_t tid) noexcept {
  PathBuilder path;
  const int file = own::open(path.add("/proc/self/task/").add(tid).add("/children").text, O_RDONLY);
  if (file < 0) return false;
  char buffer[1024];
  std::int64_t pid = 0;
  for (ssize_t got = 0; (got = read(file, buffer, sizeof(buffer))) > 0;)
    for (ssize_t i = 0; i < got; ++i) {
      if (buffer[i] >= '0' && buffer[i] <= '9') {
        pid = pid * 10 + (buffer[i] - '0');
        continue;
      }
      if (pid > 0) add_child(reading, pid);
      pid = 0;
    }
  own::close(file);
  return true;
}

bool has_no_children() noexcept {
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 && errno == ECHILD;
}

/// A thread that ended since the folder was listed has no list any more, so one that can be read will do.
bool count_children_of_all_threads(layout::Reading& reading) noexcept {
  bool any_list = false;
  for_each_numbered_entry("/proc/self/task", [&](std::int64_t tid) {
    if (count_children_of_thread(reading, tid)) any_list = true;
  });
  return any_list;
}

}  // namespace

void count_children(layout::Reading& reading) noexcept {
  const int saved_errno = errno;
  reading.children = reading.zombies = 0;
  if (!has_no_children() && !count_children_of_all_threads(reading))
    reading.children = reading.zombies = layout::absent;
  errno = saved_errno;
}

}  // namespace soak::probe
