// A program with a malloc of its own, from which operator new must have its blocks as well: what the probe's gave it
// would reach its free.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <new>
#include <string>

#include "heap_change.hpp"

using namespace faithful;

namespace {

alignas(16) char pool[1 << 20];
std::size_t used = 0;
int mallocs = 0, frees = 0, foreign = 0;

bool is_of_pool(const void* block) {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(pool) < sizeof(pool);
}

/// Before main, and before anything is counted.
const std::string early(100, 'x');

}  // namespace

extern "C" {
void* malloc(std::size_t bytes) {
  const auto rounded = (bytes + 31) & ~std::size_t{15};
  if (rounded > sizeof(pool) - used) return nullptr;
  ++mallocs;
  used += rounded;
  return pool + used - rounded;
}
void free(void* block) {
  if (block == nullptr) return;
  ++(is_of_pool(block) ? frees : foreign);
}
void* calloc(std::size_t count, std::size_t bytes) { return malloc(count * bytes); }  // a pool begins as zeros
void* realloc(void* block, std::size_t bytes) {
  void* const moved = malloc(bytes);
  if (block != nullptr && moved != nullptr) std::memcpy(moved, block, bytes);
  return moved;
}
}

int main() {
  expect(is_of_pool(early.data()), "what a constructor asked for comes from the program's malloc");
  const int mallocs_before = mallocs, frees_before = frees;
  for (int i = 0; i < 100; ++i) {
    operator delete(kept(operator new(48)));
    operator delete[](kept(operator new[](0)));
    operator delete(kept(operator new(48, std::nothrow)), std::nothrow);
    operator delete (kept(operator new(400)), std::size_t{400});
  }
  expect(mallocs - mallocs_before == 400, "every new asks the program's malloc, once");
  expect(frees - frees_before == 400, "every delete gives back to the program's free, once");
  expect(foreign == 0, "no block comes from anywhere else");
  return result();
}
