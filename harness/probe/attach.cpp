// Sets the region up when the probe is loaded, before the program's own constructors and long before main.
//
// SOAK_PROBE=off|counters|sites says what to do, SOAK_REGION=FILE where to leave it. A program that the measured
// process starts inherits both; it counts into memory of its own, which nobody reads.
#include "probe/attach.hpp"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "probe/counters.hpp"
#include "probe/own_region.hpp"
#ifndef SOAK_PROBE_WITHOUT_HOOKS
#include "probe/direct_calls.hpp"
#include "probe/early_blocks.hpp"
#include "probe/next_allocator.hpp"
#include "probe/next_function.hpp"
#include "probe/resources/resources.hpp"
#include "probe/sites/site_hooks.hpp"
#include "probe/sites/sites.hpp"
#include "probe/types/vtable_scan.hpp"
#endif

namespace soak::probe {
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
