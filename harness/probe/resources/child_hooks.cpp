// Child processes: who started them, and whether they were waited for. Not vfork, whose caller's frame its child
// overwrites: a hook could not return twice.
#include <errno.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/next_function.hpp"
#include "probe/resources/resources.hpp"

using namespace soak;
using namespace soak::probe;

namespace {

void keep_started(pid_t child, const Registers& caller) noexcept {
  const int saved_errno = errno;
  auto* const tables = followed_resources();
  if (tables != nullptr && !tables->children.started(child, resource_site(layout::SiteKind::child, caller)))
    count_overflow(*tables, layout::SiteKind::child);
  errno = saved_errno;
}

/// In the parent; what the call returned. A forked child has no sites.
pid_t started(pid_t child, const Registers& caller) noexcept {
  if (attached.sites != nullptr && child > 0) [[unlikely]]
    keep_started(child, caller);
  return child;
}

/// A stopped child is still one.
pid_t waited_for(pid_t child, int status) noexcept {
  if (attached.sites == nullptr || child <= 0 || (!WIFEXITED(status) && !WIFSIGNALED(status))) [[likely]]
    return child;
  if (auto* const tables = followed_resources()) tables->children.waited_for(child);
  return child;
}

/// `found` is what the call wrote, which arguments are evaluated before: a reference.
pid_t keep_status(pid_t child, const int& found, int* status) noexcept {
  if (child > 0 && status != nullptr) *status = found;
  return waited_for(child, found);
}

}  // namespace

#define SOAK_FORKS(function)                        \
  SOAK_NEXT(pid_t(), function)                      \
  SOAK_HOOK pid_t function() {                      \
    const auto caller = SOAK_CALLER_REGISTERS();    \
    auto* const next = *next_##function;            \
    if (next == nullptr) return errno = ENOSYS, -1; \
    return started(next(), caller);                 \
  }
#define SOAK_SPAWNS(function)                                                                                     \
  SOAK_NEXT(int(pid_t*, const char*, const posix_spawn_file_actions_t*, const posix_spawnattr_t*, char* const*,   \
                char* const*),                                                                                    \
            function)                                                                                             \
  SOAK_HOOK int function(pid_t* child, const char* path, const posix_spawn_file_actions_t* actions,               \
                         const posix_spawnattr_t* attributes, char* const* arguments, char* const* environment) { \
    const auto caller = SOAK_CALLER_REGISTERS();                                                                  \
    pid_t pid = 0;                                                                                                \
    const int error = (*next_##function)(&pid, path, actions, attributes, arguments, environment);                \
    if (error == 0) started(pid, caller);                                                                         \
    if (error == 0 && child != nullptr) *child = pid;                                                             \
    return error;                                                                                                 \
  }

SOAK_FORKS(fork)
SOAK_FORKS(_Fork)
SOAK_SPAWNS(posix_spawn)
SOAK_SPAWNS(posix_spawnp)

SOAK_NEXT(pid_t(int*), wait)
SOAK_HOOK pid_t wait(int* status) {
  int found = 0;
  return keep_status((*next_wait)(&found), found, status);
}

SOAK_NEXT(pid_t(pid_t, int*, int), waitpid)
SOAK_HOOK pid_t waitpid(pid_t wanted, int* status, int options) {
  int found = 0;
  return keep_status((*next_waitpid)(wanted, &found, options), found, status);
}

SOAK_NEXT(pid_t(int*, int, rusage*), wait3)
SOAK_HOOK pid_t wait3(int* status, int options, rusage* usage) {
  int found = 0;
  return keep_status((*next_wait3)(&found, options, usage), found, status);
}

SOAK_NEXT(pid_t(pid_t, int*, int, rusage*), wait4)
SOAK_HOOK pid_t wait4(pid_t wanted, int* status, int options, rusage* usage) {
  int found = 0;
  return keep_status((*next_wait4)(wanted, &found, options, usage), found, status);
}

SOAK_NEXT(int(idtype_t, id_t, siginfo_t*, int), waitid)
SOAK_HOOK int waitid(idtype_t kind, id_t wanted, siginfo_t* info, int options) {
  siginfo_t found{};
  auto* const told = info != nullptr ? info : &found;
  const int error = (*next_waitid)(kind, wanted, told, options);
  const bool has_ended = told->si_code == CLD_EXITED || told->si_code == CLD_KILLED || told->si_code == CLD_DUMPED;
  if (error == 0 && (options & WNOWAIT) == 0 && has_ended) waited_for(told->si_pid, 0);
  return error;
}
