// Every function that hands out a block, and what fails without one.
#include <errno.h>
#include <malloc.h>
#include <stdint.h>
#include <string.h>

#include "heap_change.hpp"

using namespace faithful;

namespace {

const volatile std::size_t impossible = SIZE_MAX - 100;

template <typename Allocate>
void is_counted(const char* what, Allocate allocate) {
  const HeapChange change;
  void* const block = kept(allocate());
  const auto bytes = usable(block);
  change.expect(what, {1, bytes, 1, 0});
  errno = EBADF;
  free(block);
  expect(errno == EBADF, "free keeps errno");
  change.expect(what, {0, 0, 1, 1});
}

template <typename Allocate>
void fails_uncounted(const char* what, Allocate allocate) {
  const HeapChange change;
  errno = 0;
  expect(kept(allocate()) == nullptr, what);
  expect(errno == ENOMEM, what);
  change.expect(what, {0, 0, 0, 0});
}

void* by_posix_memalign(std::size_t alignment, std::size_t bytes) {
  void* block = nullptr;
  return posix_memalign(&block, alignment, bytes) == 0 ? block : nullptr;
}

void sizes_are_the_allocators() {
  expect(malloc_usable_size(nullptr) == 0, "no block has no bytes");
  for (std::size_t bytes = 0; bytes < 5000; bytes += 7) {
    char* const block = static_cast<char*>(kept(malloc(bytes)));
    const auto held = malloc_usable_size(block);
    expect(held >= bytes, "a block holds what was asked for");
    memset(block, 1, held);  // All of it may be used.
    free(block);
  }
}

void nothing_is_freed() {
  const HeapChange change;
  free(kept(static_cast<void*>(nullptr)));
  change.expect("free(null)", {0, 0, 0, 0});
}

}  // namespace

int main() {
  is_counted("malloc", [] { return malloc(100); });
  is_counted("malloc(0)", [] { return malloc(0); });
  is_counted("malloc of a mapping", [] { return malloc(40 << 20); });
  is_counted("calloc", [] { return calloc(10, 30); });
  is_counted("calloc of nothing", [] { return calloc(0, 30); });
  is_counted("memalign", [] { return memalign(256, 100); });
  is_counted("memalign of a mapping", [] { return memalign(1 << 20, 40 << 20); });
  is_counted("aligned_alloc", [] { return aligned_alloc(64, 128); });
  is_counted("posix_memalign", [] { return by_posix_memalign(4096, 100); });
  is_counted("valloc", [] { return valloc(100); });
  is_counted("pvalloc", [] { return pvalloc(100); });
  is_counted("strdup", [] { return strdup("libc's own allocations are the program's"); });

  fails_uncounted("malloc", [] { return malloc(impossible); });
  fails_uncounted("calloc", [] { return calloc(impossible, 1); });
  fails_uncounted("calloc by overflow", [] { return calloc(impossible, 2); });
  fails_uncounted("memalign", [] { return memalign(64, impossible); });
  fails_uncounted("aligned_alloc", [] { return aligned_alloc(64, impossible); });
  fails_uncounted("valloc", [] { return valloc(impossible); });
  fails_uncounted("pvalloc", [] { return pvalloc(impossible); });
  fails_uncounted("pvalloc by overflow", [] { return pvalloc(SIZE_MAX); });
  expect(by_posix_memalign(3, 100) == nullptr, "an alignment of 3 is refused");

  expect(reinterpret_cast<std::uintptr_t>(kept(pvalloc(1))) % 4096 == 0, "pvalloc is page-aligned");
  expect(malloc_usable_size(kept(pvalloc(1))) >= 4096, "pvalloc hands out whole pages");
  sizes_are_the_allocators();
  nothing_is_freed();
  return result();
}
