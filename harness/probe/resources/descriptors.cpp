#include "probe/resources/descriptors.hpp"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "probe/own_calls.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

void DescriptorTable::let_go(Entry entry) noexcept {
  if (entry == 0) return;
  count_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(static_cast<std::uint32_t>(entry), 0, 1);
}

void DescriptorTable::replace(unsigned descriptor, Entry entry) noexcept {
  let_go(entries_[descriptor].exchange(entry, std::memory_order_acq_rel));
}

bool DescriptorTable::opened(int descriptor, std::uint32_t site) noexcept {
  const auto number = static_cast<unsigned>(descriptor);
  if (number >= capacity) return false;
  auto end = end_.load(std::memory_order_relaxed);
  while (number >= end && !end_.compare_exchange_weak(end, number + 1)) {
  }
  const Entry opening = openings_.fetch_add(1, std::memory_order_relaxed);
  count_.fetch_add(1, std::memory_order_relaxed);
  count_resource(site, 1, 0);
  replace(number, opening << 32 | site);
  return true;
}

void DescriptorTable::closed(int descriptor) noexcept {
  if (static_cast<unsigned>(descriptor) < capacity) replace(static_cast<unsigned>(descriptor), 0);
}

void DescriptorTable::let_go_closed(unsigned first, unsigned last) noexcept {
  const auto end = end_.load(std::memory_order_acquire);
  for (auto number = first; number < end && number <= last; ++number) {
    auto entry = entries_[number].load(std::memory_order_acquire);
    if (entry == 0 || own::is_open(static_cast<int>(number))) continue;
    if (entries_[number].compare_exchange_strong(entry, 0, std::memory_order_acq_rel)) let_go(entry);
  }
}

void keep_opened(int descriptor, const Registers& caller) noexcept {
  const int saved_errno = errno;
  auto* const tables = followed_resources();
  if (tables != nullptr &&
      !tables->descriptors.opened(descriptor, resource_site(layout::SiteKind::descriptor, caller)))
    count_overflow(*tables, layout::SiteKind::descriptor);
  errno = saved_errno;
}

void keep_closing(int descriptor) noexcept {
  if (auto* const tables = followed_resources()) tables->descriptors.closed(descriptor);
}

}  // namespace soak::probe

// More descriptors of what is open already.

SOAK_OPENS(dup, (int descriptor), (descriptor))
// The one that had the number is closed by it; a table's entry is replaced.
SOAK_OPENS(dup3, (int descriptor, int wanted, int flags), (descriptor, wanted, flags))

SOAK_NEXT(int(int, int), dup2)
SOAK_HOOK int dup2(int descriptor, int wanted) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int result = (*next_dup2)(descriptor, wanted);
  return descriptor == wanted ? result : soak::probe::opened(result, caller);
}

// What follows the command, if anything does, is an int or a pointer, and is passed on as libc itself does.
#define SOAK_DUPLICATES_BY_COMMAND(function)                              \
  SOAK_NEXT(int(int, int, ...), function)                                 \
  SOAK_HOOK int function(int descriptor, int command, ...) {              \
    const auto caller = SOAK_CALLER_REGISTERS();                          \
    va_list rest;                                                         \
    va_start(rest, command);                                              \
    void* const argument = va_arg(rest, void*);                           \
    va_end(rest);                                                         \
    const int result = (*next_##function)(descriptor, command, argument); \
    const bool is_dup = command == F_DUPFD || command == F_DUPFD_CLOEXEC; \
    return is_dup ? soak::probe::opened(result, caller) : result;         \
  }

SOAK_DUPLICATES_BY_COMMAND(fcntl)
SOAK_DUPLICATES_BY_COMMAND(fcntl64)

// Descriptors of pipes and of what can be waited for.

SOAK_OPENS_PAIR(pipe, (int pair[2]), (pair))
SOAK_OPENS_PAIR(pipe2, (int pair[2], int flags), (pair, flags))
SOAK_OPENS(eventfd, (unsigned count, int flags), (count, flags))
SOAK_OPENS(epoll_create, (int size), (size))
SOAK_OPENS(epoll_create1, (int flags), (flags))
SOAK_OPENS(timerfd_create, (clockid_t clock, int flags), (clock, flags))
SOAK_OPENS(inotify_init, (), ())
SOAK_OPENS(inotify_init1, (int flags), (flags))
SOAK_OPENS(fanotify_init, (unsigned flags, unsigned event_flags), (flags, event_flags))

// Given a descriptor it changes that one.
SOAK_NEXT(int(int, const sigset_t*, int), signalfd)
SOAK_HOOK int signalfd(int descriptor, const sigset_t* signals, int flags) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int result = (*next_signalfd)(descriptor, signals, flags);
  return descriptor == -1 ? soak::probe::opened(result, caller) : result;
}

// Descriptors of files.

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

// Descriptors of sockets, and those that come through them.

namespace {

using soak::probe::Registers;

/// SCM_RIGHTS (unix(7)): descriptors that another process passed on.
void opened_by_message(msghdr* message, const Registers& caller) noexcept {
  for (auto* part = CMSG_FIRSTHDR(message); part != nullptr; part = CMSG_NXTHDR(message, part)) {
    if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_RIGHTS) continue;
    const auto* const data = CMSG_DATA(part);
    const auto bytes = part->cmsg_len - static_cast<std::size_t>(data - reinterpret_cast<unsigned char*>(part));
    for (std::size_t at = 0; at + sizeof(int) <= bytes; at += sizeof(int)) {
      int descriptor = -1;
      memcpy(&descriptor, data + at, sizeof(descriptor));
      soak::probe::opened(descriptor, caller);
    }
  }
}

}  // namespace

SOAK_OPENS(socket, (int domain, int type, int protocol), (domain, type, protocol))
SOAK_OPENS_PAIR(socketpair, (int domain, int type, int protocol, int pair[2]), (domain, type, protocol, pair))
SOAK_OPENS(accept, (int listener, sockaddr* address, socklen_t* bytes), (listener, address, bytes))
SOAK_OPENS(accept4, (int listener, sockaddr* address, socklen_t* bytes, int flags), (listener, address, bytes, flags))

SOAK_NEXT(ssize_t(int, msghdr*, int), recvmsg)
SOAK_HOOK ssize_t recvmsg(int socket, msghdr* message, int flags) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const auto got = (*next_recvmsg)(socket, message, flags);
  if (got >= 0 && soak::probe::attached.sites != nullptr) opened_by_message(message, caller);
  return got;
}

SOAK_NEXT(int(int, mmsghdr*, unsigned, int, timespec*), recvmmsg)
SOAK_HOOK int recvmmsg(int socket, mmsghdr* messages, unsigned count, int flags, timespec* timeout) {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int got = (*next_recvmmsg)(socket, messages, count, flags, timeout);
  if (soak::probe::attached.sites != nullptr)
    for (int i = 0; i < got; ++i) opened_by_message(&messages[i].msg_hdr, caller);
  return got;
}

// Streams and folders: libc opens and closes their descriptors where no hook is.

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

// The end of descriptors.

namespace {

/// The kernel is asked which are gone: another thread may have opened one there since, and it may have been refused.
void let_go_closed(unsigned first, unsigned last) noexcept {
  if (soak::probe::attached.sites == nullptr) return;
  const int saved_errno = errno;
  if (auto* const tables = soak::probe::followed_resources()) tables->descriptors.let_go_closed(first, last);
  errno = saved_errno;
}

}  // namespace

SOAK_NEXT(int(int), close)
SOAK_HOOK int close(int descriptor) {
  soak::probe::closing(descriptor);
  return (*next_close)(descriptor);
}

SOAK_NEXT(int(unsigned, unsigned, int), close_range)
SOAK_HOOK int close_range(unsigned first, unsigned last, int flags) {
  auto* const next = *next_close_range;
  if (next == nullptr) {
    errno = ENOSYS;
    return -1;
  }
  const int result = next(first, last, flags);
  let_go_closed(first, last);
  return result;
}

SOAK_NEXT(void(int), closefrom)
SOAK_HOOK void closefrom(int first) {
  auto* const next = *next_closefrom;
  if (next == nullptr) return;
  next(first);
  let_go_closed(first < 0 ? 0 : static_cast<unsigned>(first), ~0u);
}
