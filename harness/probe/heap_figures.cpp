#include "probe/heap_figures.hpp"

#include "probe/counters.hpp"
#ifndef SOAK_PROBE_WITHOUT_HOOKS
#include <initializer_list>

#include "probe/resources/resources.hpp"
#include "probe/sites/resident.hpp"
#include "probe/types/vtable_scan.hpp"
#endif

namespace soak::probe {

void read_heap_figures(layout::Reading& reading, layout::RegionHeader& region) noexcept {
  if (region.heap_is_counted == 0) return;
  const auto heap = read_heap(region);
  reading.heap_bytes = heap.bytes - region.ignored_bytes.load(std::memory_order_relaxed);
  reading.heap_blocks = heap.blocks - region.ignored_blocks.load(std::memory_order_relaxed);
  reading.heap_peak_bytes = heap.peak_bytes;
  reading.allocations = heap.allocations;
  reading.frees = heap.frees;
  reading.joinable_threads = region.joinable_threads.load(std::memory_order_relaxed);
}

void take_off_probe_memory(layout::Reading& reading, const layout::RegionHeader& region) noexcept {
  const auto late = layout::late_part(region);
  auto mapped = static_cast<std::int64_t>(region.total_bytes);
  auto resident = static_cast<std::int64_t>(late.offset);
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  resident += present_bytes(reinterpret_cast<const std::byte*>(&region) + late.offset, late.bytes);
  for (const auto& own : {sites_memory(), resources_memory(), scan_memory()}) {
    resident += own.resident_bytes;
    mapped += own.virtual_bytes;
  }
#endif
  if (reading.virtual_bytes != layout::absent) reading.virtual_bytes -= mapped;
  for (auto* figure :
       {&reading.resident_bytes, &reading.peak_resident_bytes, &reading.proportional_bytes, &reading.unique_bytes})
    if (*figure != layout::absent) *figure -= resident;
}

}  // namespace soak::probe
