#include "probe/probe.hpp"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include "probe/counters.hpp"
#include "probe/direct_calls.hpp"
#include "probe/end_reading.hpp"
#include "probe/next_allocator.hpp"
#include "probe/os_figures.hpp"
#include "probe/own_region.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/site_history.hpp"
#include "probe/sites/site_hooks.hpp"
#include "probe/sites/sites.hpp"
#include "probe/types/type_table.hpp"
#include "probe/types/vtable_scan.hpp"

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

namespace soak::probe {

// Sets the region up when the probe is loaded, before the program's own constructors and long before main.
//
// SOAK_PROBE=off|counters|sites says what to do, SOAK_REGION=FILE where to leave it. A program that the measured
// process starts inherits both; it counts into memory of its own, which nobody reads.

namespace {

constinit bool off = false;

template <std::size_t size>
void copy_text(char (&to)[size], const char* from) noexcept {
  strncpy(to, from, size - 1);
  to[size - 1] = '\0';
}

/// Where another library or the program itself defines malloc before us, we see no allocation: said, not guessed.
void prove_heap_is_counted(layout::RegionHeader& region) noexcept {
#ifdef SOAK_PROBE_WITHOUT_HOOKS
  copy_text(region.heap_unavailable, "a sanitizer keeps malloc to itself in this build");
#else
  const auto before = read_heap(region).allocations;
  void* volatile canary = malloc(1);
  free(canary);
  region.heap_is_counted = read_heap(region).allocations > before ? 1 : 0;
  if (region.heap_is_counted == 0)
    copy_text(region.heap_unavailable, "malloc does not run through the probe: another definition comes before it");
#endif
}

void choose_allocator([[maybe_unused]] layout::RegionHeader& region) noexcept {
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  copy_text(region.allocator, next_allocator_name());
#endif
}

/// From here on the hooks count by themselves, by call site where that is wanted.
void start_counting([[maybe_unused]] layout::RegionHeader& region) noexcept {
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  start_sites(region);
  const bool may_count = region.heap_is_counted != 0 && next.is_glibc && attached.sites == nullptr;
  attached.may_count_chunks = may_count ? UINTPTR_MAX : 0;
  if (region.heap_is_counted != 0) next.malloc_for_new = next.malloc;
  make_calls_direct(attached.sites != nullptr ? hooks_at_sites() : std::span<const Redirection>{});
  start_resources(region);
  start_vtable_scans(region);
#endif
}

/// A program with more rights than its user must not write files of the user's choice with them.
layout::RegionHeader* wanted_region() noexcept {
  const char* const path = secure_getenv("SOAK_REGION");
  layout::RegionHeader* const region = path == nullptr || *path == '\0' ? nullptr : region_in_file(path);
  return region != nullptr ? region : region_in_memory();
}

void attach() noexcept {
  layout::RegionHeader* const region = wanted_region();
  if (region == nullptr) return end_early_counting(nullptr);
  // A child that does not know of the region has no use for it, and must not keep its owner's lock.
  if (madvise(&attached, sizeof(attached), MADV_WIPEONFORK) == 0) madvise(region, region->total_bytes, MADV_DONTFORK);
  watch_thread_ends();
  attached.region = region;
  end_early_counting(region);
  choose_allocator(*region);
  prove_heap_is_counted(*region);
  start_counting(*region);
}

__attribute__((constructor(101))) void on_load() noexcept {
  const int saved_errno = errno;
  const char* const mode = getenv("SOAK_PROBE");
  off = mode != nullptr && strcmp(mode, "off") == 0;
  if (mode != nullptr && strcmp(mode, "sites") == 0) make_room_for_sites();
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  look_up_next_functions();
#endif
  off ? end_early_counting(nullptr) : attach();
#ifndef SOAK_PROBE_WITHOUT_HOOKS
  are_blocks_early = false;
#endif
  errno = saved_errno;
}

}  // namespace

bool is_off() noexcept { return off; }

}  // namespace soak::probe

// What <soak/soak.h> calls: checkpoints by iteration in a loop of any program, whose length nobody knows beforehand.
//
// The loop is divided into cells of `stride` iterations, and each has one checkpoint at a place of its own: jitter,
// so that periodic work cannot alias. When as many as are kept are taken, every other is dropped and the cells become
// twice as long.

namespace {

constexpr std::uint32_t most_intervals = 128;

constinit std::atomic<std::int64_t> next_checkpoint{0};
constinit std::atomic_flag taking;
// Of the one thread that has `taking`.
constinit std::int64_t stride = 1;
constinit std::uint32_t intervals = 0;
constinit std::int64_t loop_began_ns = 0, measuring_ns = 0;

layout::RegionHeader* own_region() noexcept {
  auto* const region = attached.region;
  return region != nullptr && region->owner_pid.load(std::memory_order_relaxed) == getpid() ? region : nullptr;
}

/// Somewhere in the cell: the same for the same cell of the same stride (splitmix64).
std::int64_t place_in_cell(std::int64_t cell) noexcept {
  auto bits = static_cast<std::uint64_t>(cell) * 0x9e3779b97f4a7c15U;
  bits = (bits ^ (bits >> 30)) * 0xbf58476d1ce4e5b9U;
  bits ^= bits >> 27;
  return cell * stride + static_cast<std::int64_t>(bits % static_cast<std::uint64_t>(stride));
}

/// Keeps the baseline, what is labelled, and every other interval.
void drop_every_other(layout::RegionHeader& region) noexcept {
  auto* const readings = layout::section_begin<layout::Reading>(region, layout::SectionId::readings);
  const auto count = region.reading_count.load();
  std::uint32_t kept = 0, seen = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    if (readings[i].kind == layout::ReadingKind::interval && ++seen % 2 == 1) continue;
    if (kept != i) memmove(static_cast<void*>(&readings[kept]), &readings[i], sizeof(layout::Reading));
    ++kept;
  }
  region.reading_count.store(kept, std::memory_order_release);
  intervals -= (intervals + 1) / 2;
  stride *= 2;
}

void keep(layout::ReadingKind kind, std::int64_t iteration, const char* label) noexcept {
  const auto began = monotonic_ns();
  layout::Reading reading;
  reading.kind = kind;
  reading.iteration = iteration;
  reading.elapsed_ns = kind == layout::ReadingKind::baseline ? 0 : began - loop_began_ns - measuring_ns;
  if (label != nullptr) {
    auto size = strnlen(label, sizeof(reading.label) - 1);
    if (label[size] != '\0')
      while (size > 0 && (static_cast<unsigned char>(label[size]) & 0xc0) == 0x80) --size;
    memcpy(reading.label, label, size);
  }
  soak_probe_read(&reading, false);
  soak_probe_keep(&reading);
  measuring_ns += monotonic_ns() - began;
}

void begin_loop() noexcept {
  soak_probe_begin_pass(layout::absent);
  soak_probe_reset_peak();
  stride = 1;
  intervals = 0;
  loop_began_ns = monotonic_ns();
  measuring_ns = 0;
  keep(layout::ReadingKind::baseline, 0, nullptr);
}

void take_checkpoint(layout::RegionHeader& region, std::int64_t iteration) noexcept {
  if (iteration == 0) {
    begin_loop();
  } else {
    keep(layout::ReadingKind::interval, iteration, nullptr);
    if (++intervals == most_intervals) drop_every_other(region);
  }
  const auto cell = iteration / stride;
  const auto here = place_in_cell(cell);
  next_checkpoint.store(here > iteration ? here : place_in_cell(cell + 1));
}

struct IgnoredFrom {
  std::int64_t depth, bytes, blocks;
};
constinit thread_local IgnoredFrom ignored_from{};

std::int64_t own_bytes() noexcept {
  return own_slot == nullptr ? 0 : own_slot->live_bytes + own_slot->uncarried_bytes;
}
std::int64_t own_blocks() noexcept { return own_slot == nullptr ? 0 : own_slot->allocations - own_slot->frees; }

}  // namespace

SOAK_PROBE_API void soak_probe_iteration() noexcept {
  auto* const region = own_region();
  if (region == nullptr) return;
  const auto iteration = region->iterations_counted.fetch_add(1, std::memory_order_relaxed);
  if (iteration < next_checkpoint.load(std::memory_order_relaxed) || taking.test_and_set(std::memory_order_acquire))
    return;
  if (iteration >= next_checkpoint.load(std::memory_order_relaxed)) take_checkpoint(*region, iteration);
  taking.clear(std::memory_order_release);
}

SOAK_PROBE_API void soak_probe_checkpoint(const char* label) noexcept {
  auto* const region = own_region();
  if (region == nullptr || label == nullptr || taking.test_and_set(std::memory_order_acquire)) return;
  const auto begun = region->iterations_counted.load(std::memory_order_relaxed);
  keep(layout::ReadingKind::labelled, begun > 0 ? begun - 1 : 0, label);
  taking.clear(std::memory_order_release);
}

SOAK_PROBE_API void soak_probe_ignore_begin() noexcept {
  if (ignored_from.depth++ == 0) {
    ignored_from.bytes = own_bytes();
    ignored_from.blocks = own_blocks();
  }
}

SOAK_PROBE_API void soak_probe_ignore_end() noexcept {
  auto* const region = attached.region;
  if (region == nullptr || ignored_from.depth == 0 || --ignored_from.depth > 0) return;
  region->ignored_bytes.fetch_add(own_bytes() - ignored_from.bytes, std::memory_order_relaxed);
  region->ignored_blocks.fetch_add(own_blocks() - ignored_from.blocks, std::memory_order_relaxed);
}
