// What a program that knows exactly what it does to the heap holds against what the probe says of it. The programs
// run with the probe linked and with the probe preloaded; they find it by name, and fail where there is none.
#pragma once

#include <dlfcn.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "probe/region.hpp"

namespace faithful {

struct Totals {
  std::int64_t blocks = 0, bytes = 0, allocations = 0, frees = 0;
  bool operator==(const Totals&) const = default;
};

using ReadProbe = void (*)(soak::probe::Reading*, bool);
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
  soak::probe::Reading reading;
  read(&reading, false);
  return {reading.heap_blocks, reading.heap_bytes, reading.allocations, reading.frees};
}

inline int failures = 0;

inline void expect(bool holds, const char* claim) {
  if (holds) return;
  ++failures;
  fprintf(stderr, "not so: %s\n", claim);
}

/// From its construction to expect().
class HeapChange {
 public:
  void expect(const char* what, const Totals& expected) const {
    const auto now = totals_now();
    const Totals change{now.blocks - before_.blocks, now.bytes - before_.bytes, now.allocations - before_.allocations,
                        now.frees - before_.frees};
    if (change == expected) return;
    ++failures;
    fprintf(stderr, "%s: blocks %+ld bytes %+ld allocations %ld frees %ld, expected %+ld %+ld %ld %ld\n", what,
            change.blocks, change.bytes, change.allocations, change.frees, expected.blocks, expected.bytes,
            expected.allocations, expected.frees);
  }

 private:
  Totals before_ = totals_now();
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
