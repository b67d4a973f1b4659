#include "probe/resources/children.hpp"

#include <errno.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "probe/next_allocator.hpp"
#include "probe/own_calls.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

bool ChildTable::add(Key key, std::uint32_t site) noexcept {
  remove(key);  // The number was given out again: its last child is gone.
  for (std::uint32_t i = 0; i < capacity; ++i) {
    auto& child = children_[i];
    Key free = 0;
    if (child.key.load(std::memory_order_relaxed) != 0 || !child.key.compare_exchange_strong(free, being_added))
      continue;
    child.site.store(site, std::memory_order_relaxed);
    // The key comes last: another thread may have waited for the child already.
    child.key.store(key, std::memory_order_release);
    auto end = end_.load();
    while (i >= end && !end_.compare_exchange_weak(end, i + 1)) {
    }
    count_.fetch_add(1, std::memory_order_relaxed);
    count_resource(site, 1, 0);
    return true;
  }
  return false;
}

void ChildTable::let_go(Child& child, Key key) noexcept {
  const auto site = child.site.load(std::memory_order_acquire);
  if (!child.key.compare_exchange_strong(key, 0)) return;
  count_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(site, 0, 1);
}

void ChildTable::remove(Key key) noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i)
    if (children_[i].key.load(std::memory_order_acquire) == key) let_go(children_[i], key);
}

void ChildTable::let_go_ended() noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i) {
    const auto key = children_[i].key.load(std::memory_order_acquire);
    if (key != 0 && (key & (stream_flag | being_added)) == 0 && !own::is_child(static_cast<pid_t>(key)))
      let_go(children_[i], key);
  }
}

}  // namespace soak::probe

// Child processes: who started them, and whether they were waited for. Not vfork, whose caller's frame its child
// overwrites: a hook could not return twice.

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
