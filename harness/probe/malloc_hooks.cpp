// The malloc family, in place of libc's: counts, and passes on to the allocator underneath.
//
// A free is counted before it happens: afterwards the block may already be another thread's.
#include <errno.h>
#include <string.h>

#include "probe/counters.hpp"
#include "probe/next_allocator.hpp"

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

using namespace soak::probe;

namespace {

inline void* counted(void* block) noexcept {
  if (block != nullptr) [[likely]]
    count_allocation(usable_bytes(block));
  return block;
}

/// A block of the look-up's pool cannot be resized by any allocator: it moves into a real one.
void* move_out_of_pool(void* block, std::size_t bytes) noexcept {
  const auto old_bytes = usable_bytes(block);
  void* const moved = counted(next.malloc(bytes));
  if (moved == nullptr) return nullptr;
  memcpy(moved, block, bytes < old_bytes ? bytes : old_bytes);
  count_free(old_bytes);
  return moved;
}

}  // namespace

SOAK_HOOK void* malloc(std::size_t bytes) { return counted(next.malloc(bytes)); }

SOAK_HOOK void free(void* block) {
  if (block == nullptr) return;
  count_free(usable_bytes(block));
  if (!is_early_block(block)) [[likely]]
    next.free(block);
}

SOAK_HOOK void* calloc(std::size_t count, std::size_t bytes) { return counted(next.calloc(count, bytes)); }

SOAK_HOOK void* realloc(void* block, std::size_t bytes) {
  if (block == nullptr) return counted(next.malloc(bytes));
  if (is_early_block(block)) [[unlikely]] {
    if (bytes != 0) return move_out_of_pool(block, bytes);
    free(block);
    return nullptr;
  }
  const auto old_bytes = usable_bytes(block);
  count_free(old_bytes);
  void* const resized = next.realloc(block, bytes);
  // With a size of 0 null means that the block was freed; with any other that it is still there.
  if (resized == nullptr && bytes != 0) take_back_free(old_bytes);
  return counted(resized);
}

SOAK_HOOK void* reallocarray(void* block, std::size_t count, std::size_t bytes) {
  std::size_t total = 0;
  if (__builtin_mul_overflow(count, bytes, &total)) {
    errno = ENOMEM;
    return nullptr;
  }
  return realloc(block, total);
}

SOAK_HOOK void* memalign(std::size_t alignment, std::size_t bytes) {
  return counted(next.memalign(alignment, bytes));
}

SOAK_HOOK void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return counted(next.aligned_alloc(alignment, bytes));
}

SOAK_HOOK int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  const int error = next.posix_memalign(block, alignment, bytes);
  if (error == 0) counted(*block);
  return error;
}

SOAK_HOOK void* valloc(std::size_t bytes) { return counted(next.valloc(bytes)); }
SOAK_HOOK void* pvalloc(std::size_t bytes) { return counted(next.pvalloc(bytes)); }

// C23; libc gets them later than compilers do.
SOAK_HOOK void free_sized(void* block, std::size_t) { free(block); }
SOAK_HOOK void free_aligned_sized(void* block, std::size_t, std::size_t) { free(block); }

SOAK_HOOK std::size_t malloc_usable_size(void* block) { return block == nullptr ? 0 : usable_bytes(block); }
