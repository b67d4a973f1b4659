// The malloc family, in place of libc's: counts, and passes on to the allocator underneath.
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "probe/direct_calls.hpp"
#include "probe/early_blocks.hpp"
#include "probe/sites/site_hooks.hpp"
#include "probe/usual_counting.hpp"

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

using namespace soak;
using namespace soak::probe;

namespace {

inline bool are_sites_on() noexcept { return attached.sites != nullptr; }

inline void count_rare_free(void* block, std::size_t bytes) noexcept {
  if (are_blocks_early) [[unlikely]]
    forget_early_block(block);
  count_free(bytes);
}

/// The block was not freed after all: a realloc that failed.
SOAK_RARE void take_back_free(void* block, std::size_t bytes) noexcept {
  if (are_blocks_early) note_early_block(block);
  ::soak::probe::take_back_free(bytes);
}

/// Where the hooks were not replaced by those that keep call sites, they end here.
SOAK_RARE void* count_rare_malloc(void* block, std::size_t bytes) noexcept {
  return are_sites_on() ? keep_at_site(block, bytes) : count_rare_allocation(block);
}

/// A block of the look-up's pool cannot be resized by any allocator: it moves into a real one.
SOAK_RARE void* move_out_of_pool(void* block, std::size_t bytes) noexcept {
  const auto old_bytes = usable_bytes(block);
  if (bytes == 0) {
    count_rare_free(block, old_bytes);
    return nullptr;
  }
  void* const moved = counted(next.malloc(bytes));
  if (moved == nullptr) return nullptr;
  memcpy(moved, block, bytes < old_bytes ? bytes : old_bytes);
  count_rare_free(block, old_bytes);
  return moved;
}

std::size_t page_bytes() noexcept { return static_cast<std::size_t>(getpagesize()); }

}  // namespace

SOAK_RARE void* soak::probe::count_rare_allocation(void* block) noexcept {
  if (block == nullptr) return block;
  if (are_blocks_early) [[unlikely]]
    note_early_block(block);
  count_allocation(usable_bytes(block));
  return block;
}

SOAK_RARE void soak::probe::free_rare_block(void* block) noexcept {
  if (are_sites_on()) return free_at_site(block);
  if (block == nullptr) return;
  count_rare_free(block, usable_bytes(block));
  if (!is_early_block(block)) next.free(block);
}

SOAK_RARE void* soak::probe::carry_allocation(void* block, layout::ThreadSlot* slot, std::int64_t bytes) noexcept {
  carry(*attached.region, *slot, bytes);
  return block;
}

SOAK_RARE void soak::probe::carry_and_free(void* block, layout::ThreadSlot* slot, std::int64_t bytes) noexcept {
  carry(*attached.region, *slot, -bytes);
  next.free(block);
}

SOAK_HOOK SOAK_HOT_CODE void* malloc(std::size_t bytes) {
  return counted_or(&count_rare_malloc, next.malloc(bytes), bytes);
}

SOAK_HOOK SOAK_HOT_CODE void free(void* block) { free_counted_or(&free_rare_block, block); }

extern "C" {
__attribute__((visibility("hidden"), alias("malloc"), malloc, alloc_size(1),
               nothrow)) void* soak_own_malloc(std::size_t);
__attribute__((visibility("hidden"), alias("free"), nothrow)) void soak_own_free(void*);
}

SOAK_HOOK SOAK_HOT_CODE void* calloc(std::size_t count, std::size_t bytes) {
  if (are_sites_on()) [[unlikely]]
    return calloc_at_site(count, bytes);
  return counted(next.calloc(count, bytes));
}

SOAK_HOOK void* realloc(void* block, std::size_t bytes) {
  if (are_sites_on()) [[unlikely]]
    return realloc_at_site(block, bytes);
  if (block == nullptr) return counted(next.malloc(bytes));
  if (is_early_block(block)) [[unlikely]]
    return move_out_of_pool(block, bytes);
  const auto old_bytes = usable_bytes(block);
  count_rare_free(block, old_bytes);
  void* const resized = next.realloc(block, bytes);
  // With a size of 0 null means that the block was freed; with any other that it is still there.
  if (resized == nullptr && bytes != 0) take_back_free(block, old_bytes);
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
  if (are_sites_on()) [[unlikely]]
    return memalign_at_site(alignment, bytes);
  return counted(next.memalign(alignment, bytes));
}

SOAK_HOOK void* aligned_alloc(std::size_t alignment, std::size_t bytes) {
  if (are_sites_on()) [[unlikely]]
    return aligned_alloc_at_site(alignment, bytes);
  return counted(next.aligned_alloc(alignment, bytes));
}

SOAK_HOOK int posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  if (are_sites_on()) [[unlikely]]
    return posix_memalign_at_site(block, alignment, bytes);
  const int error = next.posix_memalign(block, alignment, bytes);
  if (error == 0) counted(*block);
  return error;
}

// By memalign, which is what glibc does: an allocator that has no valloc or pvalloc of its own would otherwise be
// handed libc's blocks to free.
SOAK_HOOK void* valloc(std::size_t bytes) {
  if (are_sites_on()) [[unlikely]]
    return memalign_at_site(page_bytes(), bytes);
  return counted(next.memalign(page_bytes(), bytes));
}
SOAK_HOOK void* pvalloc(std::size_t bytes) {
  const auto page = page_bytes();
  std::size_t whole_pages = 0;
  if (__builtin_add_overflow(bytes, page - 1, &whole_pages)) {
    errno = ENOMEM;
    return nullptr;
  }
  if (are_sites_on()) [[unlikely]]
    return memalign_at_site(page, whole_pages & ~(page - 1));
  return counted(next.memalign(page, whole_pages & ~(page - 1)));
}

// C23; libc gets them later than compilers do.
SOAK_HOOK void free_sized(void* block, std::size_t) { free(block); }
SOAK_HOOK void free_aligned_sized(void* block, std::size_t, std::size_t) { free(block); }

SOAK_HOOK std::size_t malloc_usable_size(void* block) { return block == nullptr ? 0 : usable_bytes(block); }
