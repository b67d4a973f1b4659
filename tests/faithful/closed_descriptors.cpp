// A daemon's habit: everything but the first three is closed, and the numbers are used again.
#include <fcntl.h>
#include <unistd.h>

#include "heap_change.hpp"

using namespace faithful;

namespace {

std::int64_t open_files() {
  soak::layout::Reading reading;
  find_probe()(&reading, false);
  return reading.open_files;
}

}  // namespace

int main() {
  const auto before = open_files();
  const int first = open("/dev/null", O_RDONLY);
  expect(open_files() == before + 1, "one more");
  close(first);
  closefrom(3);
  expect(open_files() == 3, "three are left, and none is the probe's");
  const HeapChange change;
  for (int i = 3; i < 1000; ++i) open("/dev/null", O_RDONLY);
  expect(open_files() == 1000, "numbers used again are the program's");
  void* const block = kept(malloc(100));
  change.expect("and the heap is still counted", {1, usable(block), 1, 0});
  free(block);
  return result();
}
