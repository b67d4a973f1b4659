#include "probe/end_reading.hpp"

#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"
#include "probe/os_figures.hpp"
#include "probe/sites/site_history.hpp"
#include "probe/sites/sites.hpp"
#include "probe/types/type_table.hpp"

namespace soak::probe {
namespace {

constinit std::atomic_flag is_kept;

/// No children and no kinds of descriptors: exit may run on a small stack.
layout::Reading read_end(layout::RegionHeader& region) noexcept {
  layout::Reading reading;
  reading.kind = layout::ReadingKind::ended;
  reading.monotonic_ns = monotonic_ns();
  read_heap_figures(reading, region);
  read_cpu_time(reading);
  read_status(reading);
  count_descriptors(reading);
  take_off_probe_memory(reading, region);
  return reading;
}

}  // namespace

void keep_end_reading() noexcept {
  auto* const region = attached.region;
  if (region == nullptr || region->owner_pid.load() != getpid() || is_kept.test_and_set()) return;
  const int saved_errno = errno;
  region->end_reading = read_end(*region);
  keep_site_checkpoint(*region, region->end_reading);
  keep_type_checkpoint(*region, region->end_reading);
  region->state.store(layout::ProcessState::ended, std::memory_order_release);
  errno = saved_errno;
}

void keep_start_reading() noexcept {
  auto* const region = attached.region;
  if (region == nullptr || region->owner_pid.load() != getpid()) return;
  const int saved_errno = errno;
  layout::Reading reading;
  reading.kind = layout::ReadingKind::started;
  reading.monotonic_ns = monotonic_ns();
  read_heap_figures(reading, *region);
  count_descriptors(reading);
  region->start_reading = reading;
  keep_site_checkpoint(*region, reading);
  errno = saved_errno;
}

}  // namespace soak::probe

// Where a program ends: main returns, or somebody calls exit. Later, static destructors and atexit handlers have
// freed what a leak looks like.

#ifndef SOAK_PROBE_WITHOUT_HOOKS
using soak::probe::keep_end_reading;
using soak::probe::keep_in_mind_where_main_is_called;
using soak::probe::keep_start_reading;
using soak::probe::NextFunction;

namespace {

using Main = int(int, char**, char**);
using StartMain = int(Main*, int, char**, void (*)(), void (*)(), void (*)(), void*);

constinit NextFunction<StartMain> next_start_main("__libc_start_main");
constinit NextFunction<void(int)> next_exit("exit");
constinit NextFunction<void(int)> next_quick_exit("quick_exit");
constinit Main* program_main = nullptr;

int main_with_end_reading(int argument_count, char** arguments, char** environment) {
  // For ends that we do not see: err(3), or the last thread after main's pthread_exit. libc calls its own exit there.
  atexit(&keep_end_reading);
  keep_start_reading();
  keep_in_mind_where_main_is_called(reinterpret_cast<std::uint64_t>(__builtin_frame_address(0)));
  const int status = program_main(argument_count, arguments, environment);
  keep_in_mind_where_main_is_called(0);
  keep_end_reading();
  return status;
}

/// As _exit(2) does; looking _exit up is not for signal handlers, which may call it.
[[noreturn]] void end_process(int status) noexcept {
  keep_end_reading();
  for (;;) syscall(SYS_exit_group, status);
}

}  // namespace

SOAK_HOOK int __libc_start_main(Main* main, int argument_count, char** arguments, void (*init)(), void (*fini)(),
                                void (*loader_fini)(), void* stack_end) {
  program_main = main;
  // Looked up while that is safe: exit may be called where it is not.
  static_cast<void>(*next_exit);
  static_cast<void>(*next_quick_exit);
  return (*next_start_main)(&main_with_end_reading, argument_count, arguments, init, fini, loader_fini, stack_end);
}

SOAK_HOOK void exit(int status) {
  keep_end_reading();
  (*next_exit)(status);
  __builtin_unreachable();
}

SOAK_HOOK void quick_exit(int status) {
  keep_end_reading();
  (*next_quick_exit)(status);
  __builtin_unreachable();
}

SOAK_HOOK void _exit(int status) { end_process(status); }
SOAK_HOOK void _Exit(int status) { end_process(status); }
#endif
