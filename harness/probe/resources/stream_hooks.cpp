// Streams and folders: libc opens and closes their descriptors where no hook is.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>

#include "probe/resources/descriptor_hooks.hpp"
#include "probe/resources/resources.hpp"

namespace {

using soak::layout::SiteKind;
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

void keep_child_behind(FILE* stream, const Registers& caller) noexcept {
  const int saved_errno = errno;
  auto* const tables = soak::probe::followed_resources();
  if (tables != nullptr && !tables->children.started_behind(stream, resource_site(SiteKind::child, caller)))
    count_overflow(*tables, SiteKind::child);
  errno = saved_errno;
}

void closing_with_child(FILE* stream) noexcept {
  closing(stream);
  if (attached.sites == nullptr) return;
  if (auto* const tables = soak::probe::followed_resources()) tables->children.closed(stream);
}

}  // namespace

#define SOAK_OPENS_STREAM(type, function, parameters, arguments) \
  SOAK_NEXT(type* parameters, function)                          \
  SOAK_HOOK type* function parameters {                          \
    const auto caller = SOAK_CALLER_REGISTERS();                 \
    return opened((*next_##function)arguments, caller);          \
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
SOAK_OPENS_STREAM(DIR, opendir, (const char* path), (path))

SOAK_NEXT(int(DIR*), closedir)
SOAK_HOOK int closedir(DIR* folder) {
  closing(folder);
  return (*next_closedir)(folder);
}

SOAK_NEXT(FILE*(const char*, const char*), popen)
SOAK_HOOK FILE* popen(const char* command, const char* mode) {
  const auto caller = SOAK_CALLER_REGISTERS();
  auto* const stream = opened((*next_popen)(command, mode), caller);
  if (attached.sites != nullptr && stream != nullptr) keep_child_behind(stream, caller);
  return stream;
}

// Either waits for the child of a stream that popen made.
SOAK_NEXT(int(FILE*), fclose)
SOAK_HOOK int fclose(FILE* stream) {
  closing_with_child(stream);
  return (*next_fclose)(stream);
}

SOAK_NEXT(int(FILE*), pclose)
SOAK_HOOK int pclose(FILE* stream) {
  closing_with_child(stream);
  return (*next_pclose)(stream);
}
