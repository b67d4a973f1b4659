// System calls that the probe makes for itself: past its own hooks, which would take what it opens and maps for the
// program's.
#pragma once

#include <fcntl.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

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
inline void unmap(void* memory, size_t bytes) noexcept { syscall(SYS_munmap, memory, bytes); }

}  // namespace soak::probe::own
