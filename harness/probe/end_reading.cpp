#include "probe/end_reading.hpp"

#include <errno.h>
#include <unistd.h>

#include <atomic>

#include "probe/counters.hpp"
#include "probe/descriptors.hpp"
#include "probe/heap_figures.hpp"
#include "probe/os_figures.hpp"
#include "probe/sites/site_history.hpp"
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
