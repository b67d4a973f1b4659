// The stack of one moment as the probe keeps it, and as libgcc's unwinder sees it.
#pragma once

#include <cstdint>

#include "own_sites.hpp"

#define SOAK_NOINLINE __attribute__((noinline, noclone))

namespace soak::probe {

struct Backtrace {
  std::uint64_t addresses[1024];
  std::uint32_t depth;
};

/// What the last point() saw; static, for stacks that are small.
extern Backtrace expected;
extern std::uint32_t seen_site;
/// For what a compiler must not see is not needed.
extern void* volatile sink;

/// Allocates once, and keeps both stacks of that moment.
SOAK_NOINLINE void point();
/// That the two are the same. The first frame is point() itself, at another instruction.
void expect_same_stack(const char* where);

}  // namespace soak::probe
