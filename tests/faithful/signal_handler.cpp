// A handler on a small stack of its own that allocates, frees and replaces a block of the program.
#include <signal.h>

#include "heap_change.hpp"

using namespace faithful;

namespace {

void* shared_block = nullptr;
bool on_own_stack = false;
alignas(16) char handler_stack[16 * 1024];

void handle(int) {
  char here = 0;
  on_own_stack = &here >= handler_stack && &here < handler_stack + sizeof(handler_stack);
  free(shared_block);
  shared_block = kept(malloc(200));
}

}  // namespace

int main() {
  const stack_t stack{handler_stack, 0, sizeof(handler_stack)};
  sigaltstack(&stack, nullptr);
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, nullptr);
  shared_block = kept(malloc(100));
  const auto before = usable(shared_block);
  const HeapChange change;
  for (int i = 0; i < 100; ++i) raise(SIGUSR1);
  expect(on_own_stack, "the handler ran on its own stack");
  change.expect("a hundred signals", {0, usable(shared_block) - before, 100, 100});
  return result();
}
