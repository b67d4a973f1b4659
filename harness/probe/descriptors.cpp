#include "probe/descriptors.hpp"

#include <sys/stat.h>

#include "probe/numbered_entries.hpp"
#include "probe/os_figures.hpp"

namespace soak::probe {
namespace {

/// Anonymous inodes (eventfd, epoll, timerfd) have no type in their mode.
void add_kind(layout::Reading& reading, std::int64_t descriptor) noexcept {
  struct stat status {};
  if (fstat(static_cast<int>(descriptor), &status) != 0) return;
  switch (status.st_mode & S_IFMT) {
    case S_IFSOCK:
      ++reading.open_sockets;
      break;
    case S_IFIFO:
      ++reading.open_pipes;
      break;
    case S_IFREG:
    case S_IFDIR:
    case S_IFCHR:
    case S_IFBLK:
      ++reading.open_regular_files;
      break;
    default:
      ++reading.open_others;
      break;
  }
}

}  // namespace

void count_descriptors(layout::Reading& reading) noexcept {
  struct stat folder {};
  if (stat("/proc/self/fd", &folder) == 0 && folder.st_size > 0) {
    reading.open_files = folder.st_size - own_descriptors();
    return;
  }
  std::int64_t count = 0;
  if (for_each_numbered_entry("/proc/self/fd", [&count](std::int64_t) { ++count; }))
    reading.open_files = count - own_descriptors();
}

void count_descriptors_by_kind(layout::Reading& reading) noexcept {
  reading.open_regular_files = reading.open_sockets = reading.open_pipes = reading.open_others = 0;
  if (for_each_numbered_entry("/proc/self/fd", [&](std::int64_t descriptor) { add_kind(reading, descriptor); }))
    reading.open_regular_files -= own_descriptors();
  else
    reading.open_regular_files = reading.open_sockets = reading.open_pipes = reading.open_others = layout::absent;
}

}  // namespace soak::probe
