// System calls that the probe makes for itself: past its own hooks, which would take what it opens and maps for the
// program's.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>

namespace soak::probe::own {

inline int open(const char* path, int flags) noexcept {
  return static_cast<int>(syscall(SYS_openat, AT_FDCWD, path, flags | O_CLOEXEC, 0));
}
inline void close(int descriptor) noexcept { syscall(SYS_close, descriptor); }
inline int duplicate(int descriptor, int least) noexcept {
  return static_cast<int>(syscall(SYS_fcntl, descriptor, F_DUPFD_CLOEXEC, least));
}
inline bool is_open(int descriptor) noexcept { return syscall(SYS_fcntl, descriptor, F_GETFD) != -1; }

/// Zeros, and pages only where something is written; null where there is no address space. A forked child does not
/// have it, and huge pages would make a few scattered entries cost megabytes.
inline void* map(size_t bytes) noexcept {
  const auto at =
      syscall(SYS_mmap, nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == -1) return nullptr;
  void* const memory = reinterpret_cast<void*>(at);
  madvise(memory, bytes, MADV_NOHUGEPAGE);
  madvise(memory, bytes, MADV_DONTFORK);
  return memory;
}
/// Every page of it. MS_ASYNC does nothing but look.
inline bool is_mapped(std::uint64_t begin, std::uint64_t bytes) noexcept {
  return syscall(SYS_msync, begin, bytes, MS_ASYNC) == 0 || errno != ENOMEM;
}
inline void unmap(void* memory, size_t bytes) noexcept { syscall(SYS_munmap, memory, bytes); }

/// Runs, or was not waited for.
inline bool is_child(pid_t process) noexcept {
  return syscall(SYS_waitid, P_PID, process, nullptr, WEXITED | WNOHANG | WNOWAIT | __WALL, nullptr) == 0 ||
         errno != ECHILD;
}

/// Returns those that were blocked before, for set_blocked_signals().
inline std::uint64_t block_signals() noexcept {
  const std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t before = 0;
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, &before, sizeof(before));
  return before;
}
inline void set_blocked_signals(std::uint64_t signals) noexcept {
  syscall(SYS_rt_sigprocmask, SIG_SETMASK, &signals, nullptr, sizeof(signals));
}

}  // namespace soak::probe::own
