// Descriptors of files.
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>

#include "probe/resources/descriptor_hooks.hpp"

namespace {

/// The mode is there only where a file may be made.
bool has_mode(int flags) noexcept { return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE; }

}  // namespace

#define SOAK_MODE_BEHIND_FLAGS() \
  mode_t mode = 0;               \
  if (has_mode(flags)) {         \
    va_list rest;                \
    va_start(rest, flags);       \
    mode = va_arg(rest, mode_t); \
    va_end(rest);                \
  }

#define SOAK_OPENS_PATH(function)                                              \
  SOAK_NEXT(int(const char*, int, ...), function)                              \
  SOAK_HOOK int function(const char* path, int flags, ...) {                   \
    const auto caller = SOAK_CALLER_REGISTERS();                               \
    SOAK_MODE_BEHIND_FLAGS()                                                   \
    return soak::probe::opened((*next_##function)(path, flags, mode), caller); \
  }
#define SOAK_OPENS_PATH_AT(function)                                                   \
  SOAK_NEXT(int(int, const char*, int, ...), function)                                 \
  SOAK_HOOK int function(int folder, const char* path, int flags, ...) {               \
    const auto caller = SOAK_CALLER_REGISTERS();                                       \
    SOAK_MODE_BEHIND_FLAGS()                                                           \
    return soak::probe::opened((*next_##function)(folder, path, flags, mode), caller); \
  }

SOAK_OPENS_PATH(open)
SOAK_OPENS_PATH(open64)
SOAK_OPENS_PATH_AT(openat)
SOAK_OPENS_PATH_AT(openat64)
// What _FORTIFY_SOURCE makes of them.
SOAK_OPENS(__open_2, (const char* path, int flags), (path, flags))
SOAK_OPENS(__open64_2, (const char* path, int flags), (path, flags))
SOAK_OPENS(__openat_2, (int folder, const char* path, int flags), (folder, path, flags))
SOAK_OPENS(__openat64_2, (int folder, const char* path, int flags), (folder, path, flags))

SOAK_OPENS(creat, (const char* path, mode_t mode), (path, mode))
SOAK_OPENS(creat64, (const char* path, mode_t mode), (path, mode))
SOAK_OPENS(mkstemp, (char* pattern), (pattern))
SOAK_OPENS(mkstemp64, (char* pattern), (pattern))
SOAK_OPENS(mkostemp, (char* pattern, int flags), (pattern, flags))
SOAK_OPENS(mkostemp64, (char* pattern, int flags), (pattern, flags))
SOAK_OPENS(mkstemps, (char* pattern, int suffix), (pattern, suffix))
SOAK_OPENS(mkstemps64, (char* pattern, int suffix), (pattern, suffix))
SOAK_OPENS(mkostemps, (char* pattern, int suffix, int flags), (pattern, suffix, flags))
SOAK_OPENS(mkostemps64, (char* pattern, int suffix, int flags), (pattern, suffix, flags))
SOAK_OPENS(shm_open, (const char* name, int flags, mode_t mode), (name, flags, mode))
SOAK_OPENS(memfd_create, (const char* name, unsigned flags), (name, flags))
SOAK_OPENS(posix_openpt, (int flags), (flags))
