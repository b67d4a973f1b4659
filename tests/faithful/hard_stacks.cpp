// Allocates where a stack is hard to walk, once each and by a size of its own, for the tests that look from outside.
#include <signal.h>

#include <cstdlib>

namespace {

void* volatile kept;

__attribute__((noinline)) void in_a_large_frame() {
  volatile char room[200'000];
  room[0] = 1;
  kept = std::malloc(111'111);
  room[199'999] = room[0];
}

void in_a_signal_handler(int) { kept = std::malloc(222'222); }

}  // namespace

int main() {
  in_a_large_frame();
  signal(SIGUSR1, &in_a_signal_handler);
  raise(SIGUSR1);
  return 0;
}
