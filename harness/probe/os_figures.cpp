#include "probe/os_figures.hpp"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "probe/own_calls.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {
namespace {

bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

/// Behind the rest of the key's word: "Private_" finds the number of "Private_Clean:  12 kB".
std::size_t behind_colon(Text text, std::size_t position) noexcept {
  if (text.begin[position - 1] == ':') return position;
  while (position < text.size && text.begin[position] != ':' && text.begin[position] != '\n') ++position;
  return position < text.size && text.begin[position] == ':' ? position + 1 : position;
}

}  // namespace

Text read_small_file(const char* path, char* buffer, std::size_t capacity) noexcept {
  const int file = own::open(path, O_RDONLY);
  if (file < 0) return {};
  std::size_t size = 0;
  for (ssize_t got = 0; size < capacity && (got = read(file, buffer + size, capacity - size)) > 0;)
    size += static_cast<std::size_t>(got);
  own::close(file);
  return {buffer, size};
}

std::int64_t parse_number(Text text, std::size_t& position) noexcept {
  while (position < text.size && (text.begin[position] == ' ' || text.begin[position] == '\t')) ++position;
  std::int64_t number = -1;
  for (; position < text.size && is_digit(text.begin[position]); ++position) {
    const std::int64_t digit = text.begin[position] - '0';
    if (number < 0) number = 0;
    number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
  }
  return number;
}

std::int64_t number_after(Text text, const char* key) noexcept {
  const auto key_size = strlen(key);
  std::int64_t sum = layout::absent;
  for (std::size_t line = 0; line + key_size < text.size;) {
    if (memcmp(text.begin + line, key, key_size) == 0) {
      auto position = behind_colon(text, line + key_size);
      const auto number = parse_number(text, position);
      if (number >= 0) sum = (sum == layout::absent ? 0 : sum) + number;
    }
    const auto* const end = static_cast<const char*>(memchr(text.begin + line, '\n', text.size - line));
    if (end == nullptr) break;
    line = static_cast<std::size_t>(end - text.begin) + 1;
  }
  return sum;
}

namespace {

constexpr int state_field = 3, start_field = 22;

std::size_t behind_name(Text stat) noexcept {
  for (auto position = stat.size; position > 0; --position)
    if (stat.begin[position - 1] == ')') return position;
  return stat.size;
}

std::size_t behind_blank(Text stat, std::size_t position) noexcept {
  while (position < stat.size && stat.begin[position] != ' ') ++position;
  return position < stat.size ? position + 1 : stat.size;
}

}  // namespace

ProcessStat parse_process_stat(Text stat) noexcept {
  auto position = behind_blank(stat, behind_name(stat));
  ProcessStat found;
  if (position < stat.size) found.state = stat.begin[position];
  for (int field = state_field; field < start_field; ++field) position = behind_blank(stat, position);
  const auto ticks = parse_number(stat, position);
  if (ticks >= 0) found.start_ticks = ticks;
  return found;
}

ProcessStat read_process_stat(std::int64_t pid) noexcept {
  char buffer[1024];
  PathBuilder path;
  return parse_process_stat(read_small_file(path.add("/proc/").add(pid).add("/stat").text, buffer, sizeof(buffer)));
}

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

namespace {

constexpr std::int64_t kib = 1024;

/// /proc/self/status, kept open. The program may close descriptors that are not its own (closefrom(3)) and get the
/// number for a file of its own, so the file behind the number is checked before each reading; and a forked child
/// inherits its parent's.
struct KeptFile {
  int descriptor = -1;
  dev_t device = 0;
  ino_t inode = 0;
  pid_t process = 0;
};
constinit KeptFile status_file;

bool is_still_open(const KeptFile& file) noexcept {
  struct stat now {};
  return file.descriptor >= 0 && fstat(file.descriptor, &now) == 0 && now.st_dev == file.device &&
         now.st_ino == file.inode;
}

/// Above the numbers that programs and their tests take for granted.
int moved_out_of_the_way(int descriptor) noexcept {
  constexpr rlim_t far = 900;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return descriptor;
  const auto least = limit.rlim_cur > far ? far : limit.rlim_cur / 2;
  const int moved = own::duplicate(descriptor, static_cast<int>(least));
  if (moved < 0) return descriptor;
  own::close(descriptor);
  return moved;
}

constinit std::atomic_flag opening;

bool is_own(const KeptFile& file) noexcept { return file.process == getpid() && is_still_open(file); }

void reopen_status() noexcept {
  if (is_still_open(status_file)) own::close(status_file.descriptor);
  status_file = {};
  const int opened = own::open("/proc/self/status", O_RDONLY);
  struct stat now {};
  if (opened >= 0 && fstat(opened, &now) == 0)
    status_file = {moved_out_of_the_way(opened), now.st_dev, now.st_ino, getpid()};
}

template <std::size_t capacity>
Text read_kept_status(char (&buffer)[capacity]) noexcept {
  if (!is_own(status_file)) open_os_figures();
  if (!is_own(status_file)) return read_small_file("/proc/self/status", buffer, capacity);
  const auto size = pread(status_file.descriptor, buffer, capacity, 0);
  return {buffer, size > 0 ? static_cast<std::size_t>(size) : 0};
}

std::int64_t nanoseconds(clockid_t clock) noexcept {
  timespec time{};
  clock_gettime(clock, &time);
  return time.tv_sec * 1'000'000'000 + time.tv_nsec;
}

std::int64_t bytes_after(Text text, const char* key) noexcept {
  const auto in_kib = number_after(text, key);
  return in_kib == layout::absent ? layout::absent : in_kib * kib;
}

}  // namespace

void open_os_figures() noexcept {
  // One thread at a time; the others, and a child forked off meanwhile, read by name until it is open.
  if (opening.test_and_set(std::memory_order_acquire)) return;
  const int saved_errno = errno;
  if (!is_own(status_file)) reopen_status();
  errno = saved_errno;
  opening.clear(std::memory_order_release);
}

std::int64_t own_descriptors() noexcept { return is_still_open(status_file) ? 1 : 0; }

void read_status(layout::Reading& reading) noexcept {
  char buffer[4096];
  const auto status = read_kept_status(buffer);
  reading.resident_bytes = bytes_after(status, "VmRSS:");
  reading.virtual_bytes = bytes_after(status, "VmSize:");
  reading.peak_resident_bytes = bytes_after(status, "VmHWM:");
  reading.threads = number_after(status, "Threads:");
  reading.preemptions = number_after(status, "nonvoluntary_ctxt_switches:");
}

void read_smaps_rollup(layout::Reading& reading) noexcept {
  char buffer[4096];
  const auto rollup = read_small_file("/proc/self/smaps_rollup", buffer, sizeof(buffer));
  reading.proportional_bytes = bytes_after(rollup, "Pss:");
  reading.unique_bytes = bytes_after(rollup, "Private_");
}

void read_cpu_time(layout::Reading& reading) noexcept { reading.cpu_ns = nanoseconds(CLOCK_PROCESS_CPUTIME_ID); }

bool reset_peak() noexcept {
  const int file = own::open("/proc/self/clear_refs", O_WRONLY);
  if (file < 0) return false;
  const bool written = write(file, "5", 1) == 1;
  own::close(file);
  return written;
}

std::int64_t monotonic_ns() noexcept { return nanoseconds(CLOCK_MONOTONIC); }

}  // namespace soak::probe
