#include "probe/probe.hpp"

#include <errno.h>
#include <string.h>

#include "probe/attach.hpp"
#include "probe/counters.hpp"
#include "probe/descriptors.hpp"
#include "probe/end_reading.hpp"
#include "probe/heap_figures.hpp"
#include "probe/os_figures.hpp"
#include "probe/process_children.hpp"
#include "probe/sites/site_history.hpp"
#include "probe/types/type_table.hpp"

using namespace soak;
using namespace soak::probe;

soak::layout::RegionHeader* soak_probe_region() noexcept { return attached.region; }

void soak_probe_read(layout::Reading* reading, bool detailed) noexcept {
  const int saved_errno = errno;
  auto* const region = attached.region;
  reading->monotonic_ns = monotonic_ns();
  if (region != nullptr) read_heap_figures(*reading, *region);
  read_cpu_time(*reading);
  read_status(*reading);
  count_descriptors(*reading);
  count_children(*reading);
  if (detailed) {
    read_smaps_rollup(*reading);
    count_descriptors_by_kind(*reading);
  }
  if (region != nullptr) take_off_probe_memory(*reading, *region);
  errno = saved_errno;
}

void soak_probe_begin_pass(std::int64_t planned_iterations) noexcept {
  auto* const region = attached.region;
  if (region == nullptr) return;
  open_os_figures();
  region->reading_count = 0;
  region->labelled_count = 0;
  region->readings_dropped = 0;
  region->planned_iterations = planned_iterations;
  ++region->pass;
  forget_site_checkpoints(*region);
  forget_type_checkpoints(*region);
}

layout::Reading* soak_probe_keep(const layout::Reading* reading) noexcept {
  auto* const region = attached.region;
  if (region == nullptr) return nullptr;
  keep_site_checkpoint(*region, *reading);
  keep_type_checkpoint(*region, *reading);
  const bool labelled = reading->kind == layout::ReadingKind::labelled;
  const auto kept = region->reading_count.load(std::memory_order_relaxed);
  if (kept >= layout::reading_capacity || (labelled && region->labelled_count >= layout::labelled_capacity)) {
    ++region->readings_dropped;
    return nullptr;
  }
  auto* const place = layout::section_begin<layout::Reading>(*region, layout::SectionId::readings) + kept;
  memcpy(static_cast<void*>(place), reading, sizeof(layout::Reading));
  if (labelled) ++region->labelled_count;
  // Last: a reader after a crash sees whole readings only.
  region->reading_count.store(kept + 1, std::memory_order_release);
  return place;
}

bool soak_probe_reset_peak() noexcept { return reset_peak(); }

void soak_probe_end() noexcept { keep_end_reading(); }

bool soak_probe_is_off() noexcept { return is_off(); }
