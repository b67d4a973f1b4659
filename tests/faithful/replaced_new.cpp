// A program that replaces the plain operator new and delete, and nothing else: every other form must come through its
// own, as the standard has it [new.delete].
#include <new>

#include "heap_change.hpp"

using namespace faithful;

namespace {
int news = 0, deletes = 0;
}

void* operator new(std::size_t bytes) {
  ++news;
  return malloc(bytes);
}
void operator delete(void* block) noexcept {
  ++deletes;
  free(block);
}
void operator delete(void* block, std::size_t) noexcept { operator delete(block); }

int main() {
  const HeapChange change;
  operator delete(kept(operator new(10)));
  operator delete[](kept(operator new[](10)));
  operator delete(kept(operator new(10, std::nothrow)), std::nothrow);
  operator delete[](kept(operator new[](10, std::nothrow)), std::nothrow);
  operator delete[](kept(operator new[](10)), 10);
  expect(news == 5, "each new came through the program's own");
  expect(deletes == 5, "each delete came through the program's own");
  change.expect("counted once each", {0, 0, 5, 5});
  return result();
}
