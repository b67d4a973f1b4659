#include "probe/os_figures.hpp"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <atomic>

#include "probe/own_calls.hpp"
#include "probe/small_file.hpp"

namespace soak::probe {
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
