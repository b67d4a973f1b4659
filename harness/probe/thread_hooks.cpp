// Threads that ended but were never joined: the kernel has forgotten them, their 8 MB of stack stays mapped. Only the
// calls that create, join and detach know of them.
#include <pthread.h>
#include <threads.h>
#include <time.h>

#include "probe/counters.hpp"
#include "probe/next_function.hpp"

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

using soak::probe::NextFunction;

namespace {

constinit NextFunction<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> next_create("pthread_create");
constinit NextFunction<int(pthread_t, void**)> next_join("pthread_join");
constinit NextFunction<int(pthread_t, void**)> next_tryjoin("pthread_tryjoin_np");
constinit NextFunction<int(pthread_t, void**, const timespec*)> next_timedjoin("pthread_timedjoin_np");
constinit NextFunction<int(pthread_t, void**, clockid_t, const timespec*)> next_clockjoin("pthread_clockjoin_np");
constinit NextFunction<int(pthread_t)> next_detach("pthread_detach");
constinit NextFunction<int(thrd_t*, thrd_start_t, void*)> next_c_create("thrd_create");
constinit NextFunction<int(thrd_t, int*)> next_c_join("thrd_join");
constinit NextFunction<int(thrd_t)> next_c_detach("thrd_detach");

void add_joinable(std::int64_t amount) noexcept {
  if (auto* const region = soak::probe::attached.region)
    region->joinable_threads.fetch_add(amount, std::memory_order_relaxed);
}

/// 0 is success in both families.
int no_more_joinable_if(int error) noexcept {
  if (error == 0) add_joinable(-1);
  return error;
}

}  // namespace

SOAK_HOOK int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*routine)(void*),
                             void* argument) {
  int state = PTHREAD_CREATE_JOINABLE;
  if (attributes != nullptr) pthread_attr_getdetachstate(attributes, &state);
  // Counted before: the new thread may be joined by another before this call returns.
  if (state == PTHREAD_CREATE_JOINABLE) add_joinable(1);
  const int error = (*next_create)(thread, attributes, routine, argument);
  if (error != 0 && state == PTHREAD_CREATE_JOINABLE) add_joinable(-1);
  return error;
}

SOAK_HOOK int pthread_join(pthread_t thread, void** result) {
  return no_more_joinable_if((*next_join)(thread, result));
}

SOAK_HOOK int pthread_tryjoin_np(pthread_t thread, void** result) {
  return no_more_joinable_if((*next_tryjoin)(thread, result));
}

SOAK_HOOK int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
  return no_more_joinable_if((*next_timedjoin)(thread, result, until));
}

SOAK_HOOK int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  return no_more_joinable_if((*next_clockjoin)(thread, result, clock, until));
}

SOAK_HOOK int pthread_detach(pthread_t thread) { return no_more_joinable_if((*next_detach)(thread)); }

// C11's threads, which glibc makes without calling pthread_create.
SOAK_HOOK int thrd_create(thrd_t* thread, thrd_start_t routine, void* argument) {
  add_joinable(1);
  const int error = (*next_c_create)(thread, routine, argument);
  if (error != thrd_success) add_joinable(-1);
  return error;
}

SOAK_HOOK int thrd_join(thrd_t thread, int* result) { return no_more_joinable_if((*next_c_join)(thread, result)); }

SOAK_HOOK int thrd_detach(thrd_t thread) { return no_more_joinable_if((*next_c_detach)(thread)); }
