// realloc of every shape.
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "heap_change.hpp"

using namespace faithful;

namespace {

/// Volatile: the compiler would warn of it.
const volatile std::size_t impossible = SIZE_MAX / 2;

void of_null_is_malloc() {
  const HeapChange change;
  void* const block = kept(realloc(nullptr, 100));
  change.expect("realloc(null, 100)", {1, usable(block), 1, 0});
  free(block);
  change.expect("and freed", {0, 0, 1, 1});
}

void to_nothing_is_free() {
  const HeapChange change;
  void* const block = kept(malloc(100));
  void* const nothing = kept(realloc(block, 0));
  expect(nothing == nullptr, "glibc answers realloc(block, 0) with null");
  change.expect("realloc(block, 0)", {0, 0, 1, 1});
}

void in_place() {
  void* const block = kept(malloc(100));
  const HeapChange change;
  void* const same = kept(realloc(block, 101));
  expect(same == block, "a byte more fits into what the allocator holds");
  change.expect("in place", {0, 0, 1, 1});
  free(same);
}

void shrinking() {
  void* const block = kept(malloc(10'000));
  const auto before = usable(block);
  const HeapChange change;
  void* const smaller = kept(realloc(block, 100));
  change.expect("shrunk", {0, usable(smaller) - before, 1, 1});
  expect(usable(smaller) < before, "the rest was given back");
  free(smaller);
}

void moving() {
  char* block = static_cast<char*>(kept(malloc(40)));
  void* const neighbour = kept(malloc(40));
  strcpy(block, "carried along");
  const auto before = usable(block);
  const HeapChange change;
  block = static_cast<char*>(kept(realloc(block, 5000)));
  change.expect("moved", {0, usable(block) - before, 1, 1});
  expect(strcmp(block, "carried along") == 0, "the content moves, too");
  free(block);
  free(neighbour);
}

void into_a_mapping_and_back() {
  void* block = kept(malloc(1000));
  auto held = usable(block);
  const HeapChange change;
  block = kept(realloc(block, 50 << 20));
  change.expect("into a mapping", {0, usable(block) - held, 1, 1});
  block = kept(realloc(block, 100 << 20));
  change.expect("mapping grown", {0, usable(block) - held, 2, 2});
  block = kept(realloc(block, 1000));
  change.expect("back", {0, usable(block) - held, 3, 3});
  free(block);
  change.expect("freed", {-1, -held, 3, 4});
}

void failing() {
  char* const block = static_cast<char*>(kept(malloc(100)));
  strcpy(block, "still there");
  const HeapChange change;
  errno = 0;
  void* const nothing = kept(realloc(block, impossible));
  expect(nothing == nullptr && errno == ENOMEM, "an impossible size fails with ENOMEM");
  change.expect("failed", {0, 0, 0, 0});
  expect(strcmp(block, "still there") == 0, "the block stays");
  errno = 0;
  expect(kept(reallocarray(kept(block), impossible, 4)) == nullptr && errno == ENOMEM,
         "an overflow fails with ENOMEM");
  change.expect("failed by overflow", {0, 0, 0, 0});
  free(block);
}

void of_an_array() {
  const HeapChange change;
  void* const block = kept(reallocarray(nullptr, 30, 20));
  change.expect("reallocarray", {1, usable(block), 1, 0});
  free(block);
}

}  // namespace

int main() {
  of_null_is_malloc();
  to_nothing_is_free();
  in_place();
  shrinking();
  moving();
  into_a_mapping_and_back();
  failing();
  of_an_array();
  return result();
}
