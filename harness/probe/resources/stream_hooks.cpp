// Streams and folders: libc opens and closes their descriptors where no hook is.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "probe/resources/descriptor_hooks.hpp"

namespace {

using soak::probe::attached;
using soak::probe::Registers;

// Streams of memory have no descriptor, and say so in errno.
int descriptor_of(FILE* stream) noexcept {
  const int saved_errno = errno;
  const int descriptor = fileno(stream);
  errno = saved_errno;
  return descriptor;
}
int descriptor_of(DIR* folder) noexcept { return dirfd(folder); }

template <typename Stream>
Stream* opened(Stream* stream, const Registers& caller) noexcept {
  if (attached.sites != nullptr && stream != nullptr) soak::probe::opened(descriptor_of(stream), caller);
  return stream;
}

template <typename Stream>
void closing(Stream* stream) noexcept {
  if (attached.sites != nullptr && stream != nullptr) soak::probe::closing(descriptor_of(stream));
}

}  // namespace

#define SOAK_OPENS_STREAM(type, function, parameters, arguments) \
  SOAK_NEXT(type* parameters, function)                          \
  SOAK_HOOK type* function parameters {                          \
    const auto caller = SOAK_CALLER_REGISTERS();                 \
    return opened((*next_##function)arguments, caller);          \
  }
#define SOAK_CLOSES_STREAM(type, function) \
  SOAK_NEXT(int(type*), function)          \
  SOAK_HOOK int function(type* stream) {   \
    closing(stream);                       \
    return (*next_##function)(stream);     \
  }
#define SOAK_REOPENS_STREAM(function)                                          \
  SOAK_NEXT(FILE*(const char*, const char*, FILE*), function)                  \
  SOAK_HOOK FILE* function(const char* path, const char* mode, FILE* stream) { \
    const auto caller = SOAK_CALLER_REGISTERS();                               \
    closing(stream);                                                           \
    return opened((*next_##function)(path, mode, stream), caller);             \
  }

SOAK_OPENS_STREAM(FILE, fopen, (const char* path, const char* mode), (path, mode))
SOAK_OPENS_STREAM(FILE, fopen64, (const char* path, const char* mode), (path, mode))
SOAK_REOPENS_STREAM(freopen)
SOAK_REOPENS_STREAM(freopen64)
SOAK_OPENS_STREAM(FILE, tmpfile, (), ())
SOAK_OPENS_STREAM(FILE, tmpfile64, (), ())
SOAK_OPENS_STREAM(FILE, popen, (const char* command, const char* mode), (command, mode))
SOAK_OPENS_STREAM(DIR, opendir, (const char* path), (path))
SOAK_CLOSES_STREAM(FILE, fclose)
SOAK_CLOSES_STREAM(FILE, pclose)
SOAK_CLOSES_STREAM(DIR, closedir)
