#include "two_stacks.hpp"

#include <gtest/gtest.h>
#include <unwind.h>

#include <algorithm>
#include <cstdlib>

namespace soak::probe {

Backtrace expected;
std::uint32_t seen_site;
void* volatile sink;

namespace {

AllocationsBySite noted;

_Unwind_Reason_Code add_frame(_Unwind_Context* context, void* to) {
  auto& trace = *static_cast<Backtrace*>(to);
  int is_before_instruction = 0;
  const auto address = _Unwind_GetIPInfo(context, &is_before_instruction);
  if (address == 0 || trace.depth == 1024) return _URC_END_OF_STACK;
  trace.addresses[trace.depth++] = address + (is_before_instruction != 0 ? 1 : 0);
  return _URC_NO_REASON;
}

}  // namespace

SOAK_NOINLINE void point() {
  expected.depth = 0;
  _Unwind_Backtrace(&add_frame, &expected);
  note_allocations(noted);
  sink = std::malloc(24);
  seen_site = site_since(noted);
  std::free(sink);
}

void expect_same_stack(const char* where) {
  ASSERT_NE(seen_site, 0u) << where;
  const auto stack = stack_of(seen_site);
  ASSERT_GT(stack.depth, 1u) << where;
  EXPECT_EQ(stack.end, layout::StackEnd::complete) << where;
  EXPECT_EQ(stack.depth, expected.depth) << where;
  for (std::uint32_t i = 1; i < std::min(stack.depth, expected.depth); ++i)
    ASSERT_EQ(stack.address(i), expected.addresses[i]) << where << ", frame " << i;
}

}  // namespace soak::probe
