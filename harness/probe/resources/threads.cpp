#include "probe/resources/threads.hpp"

#include <errno.h>
#include <pthread.h>
#include <threads.h>
#include <time.h>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/sites.hpp"

namespace soak::probe {

StartedThread* ThreadTable::about_to_start(std::uint32_t site, bool is_detached) noexcept {
  for (std::uint32_t i = 0; i < capacity; ++i) {
    auto& thread = threads_[i];
    std::uint32_t free = 0;
    if (thread.state.load(std::memory_order_relaxed) != 0 ||
        !thread.state.compare_exchange_strong(free, is_taken | (is_detached ? is_let_go : 0u)))
      continue;
    auto end = end_.load();
    while (i >= end && !end_.compare_exchange_weak(end, i + 1)) {
    }
    thread.site = site;
    count_resource(site, 1, 0);
    running_.fetch_add(1, std::memory_order_relaxed);
    return &thread;
  }
  return nullptr;
}

void ThreadTable::not_started(StartedThread& thread) noexcept {
  running_.fetch_sub(1, std::memory_order_relaxed);
  count_resource(thread.site, -1, 0);
  thread.state.store(0, std::memory_order_release);
}

/// Ending and being let go come in either order; the second of them is the end of the entry.
void ThreadTable::add_state(StartedThread& thread, std::uint32_t bit) noexcept {
  if ((thread.state.fetch_or(bit, std::memory_order_acq_rel) | bit) != (is_taken | has_ended | is_let_go)) return;
  count_resource(thread.site, 0, 1);
  thread.thread.store(0, std::memory_order_relaxed);
  thread.state.store(0, std::memory_order_release);
}

StartedThread* ThreadTable::find(pthread_t wanted) noexcept {
  const auto end = end_.load();
  for (std::uint32_t i = 0; i < end; ++i)
    if (threads_[i].thread.load(std::memory_order_acquire) == wanted &&
        (threads_[i].state.load() & (is_taken | is_let_go)) == is_taken)
      return &threads_[i];
  return nullptr;
}

void ThreadTable::ended(StartedThread& thread) noexcept {
  running_.fetch_sub(1, std::memory_order_relaxed);
  add_state(thread, has_ended);
}

}  // namespace soak::probe

// Threads that ended but were never joined: the kernel has forgotten them, their 8 MB of stack stays mapped. Only the
// calls that create, join and detach know of them. With call sites on, each is followed from its creation on.

using namespace soak;
using namespace soak::probe;

SOAK_NEXT(int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*), pthread_create)
SOAK_NEXT(int(pthread_t, void**), pthread_join)
SOAK_NEXT(int(pthread_t, void**), pthread_tryjoin_np)
SOAK_NEXT(int(pthread_t, void**, const timespec*), pthread_timedjoin_np)
SOAK_NEXT(int(pthread_t, void**, clockid_t, const timespec*), pthread_clockjoin_np)
SOAK_NEXT(int(pthread_t), pthread_detach)
SOAK_NEXT(int(thrd_t*, thrd_start_t, void*), thrd_create)
SOAK_NEXT(int(thrd_t, int*), thrd_join)
SOAK_NEXT(int(thrd_t), thrd_detach)

namespace {

void add_joinable(std::int64_t amount) noexcept {
  if (auto* const region = attached.region) region->joinable_threads.fetch_add(amount, std::memory_order_relaxed);
}

/// Makes a call after which the thread has ended, or nobody will ask for it any more. 0 is success in both families.
/// The entry is looked up before: afterwards the thread's number may be another's.
template <typename Call>
int let_go_by(pthread_t thread, Call call) noexcept {
  auto* const tables = attached.sites != nullptr ? followed_resources() : nullptr;
  auto* const entry = tables != nullptr ? tables->threads.find(thread) : nullptr;
  const int error = call();
  if (error != 0) return error;
  add_joinable(-1);
  if (entry != nullptr) tables->threads.let_go(*entry);
  return 0;
}

/// Null where it is not followed.
StartedThread* about_to_start(bool is_detached, const Registers& caller) noexcept {
  auto* const tables = attached.sites != nullptr ? followed_resources() : nullptr;
  if (tables == nullptr || !tables->thread_ends_are_seen) return nullptr;
  const int saved_errno = errno;
  auto* const thread = tables->threads.about_to_start(resource_site(layout::SiteKind::thread, caller), is_detached);
  if (thread == nullptr) count_overflow(*tables, layout::SiteKind::thread);
  errno = saved_errno;
  return thread;
}

/// `error` is what the call that creates threads returned. A thread that is detached at once, before it runs, must be
/// known by its number; one that ran has entered it itself, and its entry may be another's by now.
void keep_outcome(StartedThread* entry, int error, const pthread_t* thread) noexcept {
  if (entry == nullptr) return;
  pthread_t unknown = 0;
  if (error == 0)
    entry->thread.compare_exchange_strong(unknown, *thread);
  else if (auto* const tables = followed_resources())
    tables->threads.not_started(*entry);
}

void begin_thread(StartedThread& thread) noexcept {
  thread.thread.store(pthread_self(), std::memory_order_release);
  watch_end_of(thread);
}

/// The program's routine is called at the very end, so that it takes our place on the stack.
void* run_routine(void* started) {
  auto& thread = *static_cast<StartedThread*>(started);
  begin_thread(thread);
  return thread.routine(thread.argument);
}
int run_c_routine(void* started) {
  auto& thread = *static_cast<StartedThread*>(started);
  begin_thread(thread);
  return thread.c_routine(thread.argument);
}

}  // namespace

SOAK_HOOK int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                             void* argument) {
  const auto caller = SOAK_CALLER_REGISTERS();
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  const bool is_joinable = state == PTHREAD_CREATE_JOINABLE;
  // Counted before: the new thread may be joined by another before this call returns.
  if (is_joinable) add_joinable(1);
  auto* const started = about_to_start(!is_joinable, caller);
  if (started != nullptr) {
    started->routine = routine;
    started->argument = argument;
  }
  const int error = started == nullptr ? (*next_pthread_create)(thread, attributes, routine, argument)
                                       : (*next_pthread_create)(thread, attributes, &run_routine, started);
  keep_outcome(started, error, thread);
  if (error != 0 && is_joinable) add_joinable(-1);
  return error;
}

SOAK_HOOK int pthread_join(pthread_t thread, void** result) {
  return let_go_by(thread, [&] { return (*next_pthread_join)(thread, result); });
}

SOAK_HOOK int pthread_tryjoin_np(pthread_t thread, void** result) {
  return let_go_by(thread, [&] { return (*next_pthread_tryjoin_np)(thread, result); });
}

SOAK_HOOK int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
  return let_go_by(thread, [&] { return (*next_pthread_timedjoin_np)(thread, result, until); });
}

SOAK_HOOK int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  return let_go_by(thread, [&] { return (*next_pthread_clockjoin_np)(thread, result, clock, until); });
}

SOAK_HOOK int pthread_detach(pthread_t thread) {
  return let_go_by(thread, [&] { return (*next_pthread_detach)(thread); });
}

// C11's threads, which glibc makes without calling pthread_create.
SOAK_HOOK int thrd_create(thrd_t* thread, thrd_start_t routine, void* argument) {
  const auto caller = SOAK_CALLER_REGISTERS();
  add_joinable(1);
  auto* const started = about_to_start(false, caller);
  if (started != nullptr) {
    started->c_routine = routine;
    started->argument = argument;
  }
  const int error = started == nullptr ? (*next_thrd_create)(thread, routine, argument)
                                       : (*next_thrd_create)(thread, &run_c_routine, started);
  keep_outcome(started, error, thread);
  if (error != thrd_success) add_joinable(-1);
  return error;
}

SOAK_HOOK int thrd_join(thrd_t thread, int* result) {
  return let_go_by(thread, [&] { return (*next_thrd_join)(thread, result); });
}

SOAK_HOOK int thrd_detach(thrd_t thread) {
  return let_go_by(thread, [&] { return (*next_thrd_detach)(thread); });
}
