// Threads that ended but were never joined: the kernel has forgotten them, their 8 MB of stack stays mapped. Only the
// calls that create, join and detach know of them.
#include <dlfcn.h>
#include <pthread.h>
#include <time.h>

#include <atomic>

#include "probe/counters.hpp"

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

namespace {

/// The function of this name that the program would have called without us, looked up once.
template <typename Function>
class NextFunction {
 public:
  constexpr explicit NextFunction(const char* name) : name_(name) {}
  Function* operator*() noexcept {
    auto* function = function_.load(std::memory_order_relaxed);
    if (function == nullptr) function_.store(function = reinterpret_cast<Function*>(dlsym(RTLD_NEXT, name_)));
    return function;
  }

 private:
  const char* name_;
  std::atomic<Function*> function_{nullptr};
};

constinit NextFunction<int(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*)> next_create("pthread_create");
constinit NextFunction<int(pthread_t, void**)> next_join("pthread_join");
constinit NextFunction<int(pthread_t, void**)> next_tryjoin("pthread_tryjoin_np");
constinit NextFunction<int(pthread_t, void**, const timespec*)> next_timedjoin("pthread_timedjoin_np");
constinit NextFunction<int(pthread_t, void**, clockid_t, const timespec*)> next_clockjoin("pthread_clockjoin_np");
constinit NextFunction<int(pthread_t)> next_detach("pthread_detach");

void add_joinable(std::int64_t amount) noexcept {
  if (auto* const region = soak::probe::attached.region)
    region->joinable_threads.fetch_add(amount, std::memory_order_relaxed);
}

int joined_if(int error) noexcept {
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

SOAK_HOOK int pthread_join(pthread_t thread, void** result) { return joined_if((*next_join)(thread, result)); }

SOAK_HOOK int pthread_tryjoin_np(pthread_t thread, void** result) {
  return joined_if((*next_tryjoin)(thread, result));
}

SOAK_HOOK int pthread_timedjoin_np(pthread_t thread, void** result, const timespec* until) {
  return joined_if((*next_timedjoin)(thread, result, until));
}

SOAK_HOOK int pthread_clockjoin_np(pthread_t thread, void** result, clockid_t clock, const timespec* until) {
  return joined_if((*next_clockjoin)(thread, result, clock, until));
}

SOAK_HOOK int pthread_detach(pthread_t thread) {
  const int error = (*next_detach)(thread);
  if (error == 0) add_joinable(-1);
  return error;
}
