// What a program that knows exactly what it does to the heap holds against what the probe says of it. The programs
// run with the probe linked and with the probe preloaded; they find it by name, and fail where there is none.
#pragma once

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "region/layout/site_layout.hpp"

namespace faithful {

struct Totals {
  std::int64_t blocks = 0, bytes = 0, allocations = 0, frees = 0;
  bool operator==(const Totals&) const = default;
};

using ReadProbe = void (*)(soak::layout::Reading*, bool);
inline ReadProbe find_probe() {
  const auto read = reinterpret_cast<ReadProbe>(dlsym(RTLD_DEFAULT, "soak_probe_read"));
  if (read == nullptr) {
    fputs("no probe in this process\n", stderr);
    exit(2);
  }
  return read;
}

inline Totals totals_now() {
  static const ReadProbe read = find_probe();
  soak::layout::Reading reading;
  read(&reading, false);
  return {reading.heap_blocks, reading.heap_bytes, reading.allocations, reading.frees};
}

inline soak::layout::RegionHeader* region_now() {
  using Region = soak::layout::RegionHeader* (*)();
  return reinterpret_cast<Region>(dlsym(RTLD_DEFAULT, "soak_probe_region"))();
}

/// What all call sites of the heap add up to; the totals again where call sites are off.
inline Totals sum_over_sites() {
  using namespace soak;
  auto* const region = region_now();
  const auto* const header = layout::section_begin<layout::SitesHeader>(*region, layout::SectionId::site_header);
  if (header == nullptr || header->unavailable[0] != '\0') return totals_now();
  const auto* const sites = layout::section_begin<layout::Site>(*region, layout::SectionId::sites);
  const auto* const counters = layout::section_begin<layout::SiteCounters>(*region, layout::SectionId::site_counters);
  Totals sum;
  for (std::uint32_t site = 0; site < header->site_count; ++site)
    for (std::uint32_t table = 0; table < layout::site_table_count && sites[site].kind == layout::SiteKind::heap;
         ++table) {
      const auto& one = counters[std::size_t{table} * layout::site_capacity + site];
      sum.allocations += one.allocations;
      sum.frees += one.frees;
      sum.bytes += one.allocated_bytes - one.freed_bytes;
    }
  sum.blocks = sum.allocations - sum.frees;
  return sum;
}

inline int failures = 0;

inline void expect(bool holds, const char* claim) {
  if (holds) return;
  ++failures;
  fprintf(stderr, "not so: %s\n", claim);
}

/// From its construction to expect(); with call sites on, they must say the same.
class HeapChange {
 public:
  void expect(const char* what, const Totals& expected) const {
    expect_of(what, before_, totals_now(), expected);
    expect_of("by call site", sites_before_, sum_over_sites(), expected);
  }

 private:
  static void expect_of(const char* what, const Totals& before, const Totals& now, const Totals& expected) {
    const Totals change{now.blocks - before.blocks, now.bytes - before.bytes, now.allocations - before.allocations,
                        now.frees - before.frees};
    if (change == expected) return;
    ++failures;
    fprintf(stderr, "%s: blocks %+ld bytes %+ld allocations %ld frees %ld, expected %+ld %+ld %ld %ld\n", what,
            change.blocks, change.bytes, change.allocations, change.frees, expected.blocks, expected.bytes,
            expected.allocations, expected.frees);
  }

  Totals before_ = totals_now(), sites_before_ = sum_over_sites();
};

inline std::int64_t usable(void* block) { return static_cast<std::int64_t>(malloc_usable_size(block)); }

/// Keeps the compiler from removing allocations whose blocks nobody uses.
template <typename Pointer>
Pointer* kept(Pointer* block) {
  asm volatile("" : "+r"(block) : : "memory");
  return block;
}

/// The program's exit status.
inline int result() { return failures == 0 ? 0 : 1; }

}  // namespace faithful
