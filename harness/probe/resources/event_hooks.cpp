// Descriptors of pipes and of what can be waited for.
#include <errno.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "probe/resources/descriptor_hooks.hpp"

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
