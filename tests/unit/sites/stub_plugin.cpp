// A library that calls libc through linkage stubs, bound at their first call: once as linkers have always written
// them, once with the second section that indirect branch tracking made.
#include <stdlib.h>

/// The address of its stub stands in no header: called once, it is bound at that moment.
extern "C" __attribute__((noinline)) long call_through_stub(long value) {
  volatile char room[40] = {};
  room[0] = 1;
  const auto positive = labs(value);
  return positive + room[0] - 1;
}

namespace {

void (*called_while_binding)() = nullptr;
long bound_at_first_call(long value) { return value + 1; }

}  // namespace

// Its resolver runs in the midst of the binding, when main has long begun.
extern "C" {
long (*choose())(long) {
  if (called_while_binding != nullptr) called_while_binding();
  return &bound_at_first_call;
}
long chosen_late(long value) __attribute__((ifunc("choose")));
void call_while_binding(void (*function)()) { called_while_binding = function; }
long call_what_is_chosen_late(long value) { return chosen_late(value) - 1; }
}
