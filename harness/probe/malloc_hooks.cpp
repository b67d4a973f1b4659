#include "probe/malloc_hooks.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <new>

#include "probe/direct_calls.hpp"
#include "probe/next_allocator.hpp"
#include "probe/sites/site_hooks.hpp"

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

// operator new and delete, in place of libstdc++'s, whose own would call malloc, and of jemalloc's and tcmalloc's,
// which would not. As the standard has it [new.delete], the array, sized and nothrow forms call the plain ones: a
// program that replaces only those gets all of them.

#define SOAK_NEW __attribute__((visibility("default")))

namespace {

/// Out of memory: calling the new handler and throwing is the business of the C++ library underneath.
template <typename... Arguments>
void* fail_as_next_does(const char* mangled_name, Arguments... arguments) {
  using Function = void* (*)(Arguments...);
  const auto function = reinterpret_cast<Function>(dlsym(RTLD_NEXT, mangled_name));
  if (function == nullptr) abort();
  return function(arguments...);
}

/// Our own operator new, whatever a program replaced the public one with.
extern "C"
    __attribute__((visibility("hidden"), alias("_Znwm"), malloc, alloc_size(1))) void* soak_own_new(std::size_t);
extern "C" __attribute__((visibility("hidden"), alias("_ZdlPv"), nothrow)) void soak_own_delete(void*);
extern "C" __attribute__((visibility("hidden"), alias("_ZnwmSt11align_val_t"), malloc,
                          alloc_size(1))) void* soak_own_aligned_new(std::size_t, std::align_val_t);

/// A program that replaced the plain form means the nothrow form to call it and to catch what it throws; the C++
/// library underneath does that. Asked anew each time: what is resolved may be a lazily bound symbol.
bool plain_new_is_ours() { return static_cast<void* (*)(std::size_t)>(&operator new) == &soak_own_new; }
bool aligned_new_is_ours() {
  return static_cast<void* (*)(std::size_t, std::align_val_t)>(&operator new) == &soak_own_aligned_new;
}

void* aligned_block(std::size_t bytes, std::align_val_t alignment) {
  void* block = nullptr;
  const auto asked = static_cast<std::size_t>(alignment);
  const auto least = asked < sizeof(void*) ? sizeof(void*) : asked;
  return posix_memalign(&block, least, bytes == 0 ? 1 : bytes) == 0 ? block : nullptr;
}

SOAK_RARE void* count_rare_new(void* block, std::size_t bytes) {
  if (block == nullptr) return fail_to_allocate(bytes);
  if (attached.sites != nullptr) return keep_at_site(block, bytes);
  // The program's own malloc counts as it likes, and may have called ours.
  return next.malloc_for_new == next.malloc ? count_rare_allocation(block) : block;
}

/// By our free, or that of a program that has its own.
SOAK_RARE void delete_rare_block(void* block) noexcept { free(block); }

}  // namespace

void* soak::probe::fail_to_allocate(std::size_t bytes) { return fail_as_next_does("_Znwm", bytes); }

SOAK_NEW SOAK_HOT_CODE void* operator new(std::size_t bytes) {
  return counted_or(&count_rare_new, next.malloc_for_new(bytes), bytes);
}
SOAK_NEW void* operator new(std::size_t bytes, std::align_val_t alignment) {
  if (void* const block = aligned_block(bytes, alignment)) [[likely]]
    return block;
  return fail_as_next_does("_ZnwmSt11align_val_t", bytes, alignment);
}
SOAK_NEW SOAK_HOT_CODE void operator delete(void* block) noexcept { free_counted_or(&delete_rare_block, block); }
SOAK_NEW void operator delete(void* block, std::align_val_t) noexcept { free(block); }

SOAK_NEW SOAK_HOT_CODE void* operator new[](std::size_t bytes) { return operator new(bytes); }
SOAK_NEW void* operator new[](std::size_t bytes, std::align_val_t alignment) {
  return operator new(bytes, alignment);
}
SOAK_NEW SOAK_HOT_CODE void operator delete[](void* block) noexcept { operator delete(block); }
SOAK_NEW void operator delete[](void* block, std::align_val_t alignment) noexcept {
  operator delete(block, alignment);
}

SOAK_NEW void* operator new(std::size_t bytes, const std::nothrow_t& nothrow) noexcept {
  if (plain_new_is_ours()) [[likely]]
    if (void* const block = malloc(bytes == 0 ? 1 : bytes)) return block;
  return fail_as_next_does<std::size_t, const std::nothrow_t&>("_ZnwmRKSt9nothrow_t", bytes, nothrow);
}
SOAK_NEW void* operator new[](std::size_t bytes, const std::nothrow_t& nothrow) noexcept {
  return operator new(bytes, nothrow);
}
SOAK_NEW void* operator new(std::size_t bytes, std::align_val_t alignment, const std::nothrow_t& nothrow) noexcept {
  if (aligned_new_is_ours()) [[likely]]
    if (void* const block = aligned_block(bytes, alignment)) return block;
  return fail_as_next_does<std::size_t, std::align_val_t, const std::nothrow_t&>("_ZnwmSt11align_val_tRKSt9nothrow_t",
                                                                                 bytes, alignment, nothrow);
}
SOAK_NEW void* operator new[](std::size_t bytes, std::align_val_t alignment, const std::nothrow_t& nothrow) noexcept {
  return operator new(bytes, alignment, nothrow);
}
SOAK_NEW void operator delete(void* block, const std::nothrow_t&) noexcept { operator delete(block); }
SOAK_NEW void operator delete[](void* block, const std::nothrow_t&) noexcept { operator delete[](block); }
SOAK_NEW void operator delete(void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  operator delete(block, alignment);
}
SOAK_NEW void operator delete[](void* block, std::align_val_t alignment, const std::nothrow_t&) noexcept {
  operator delete[](block, alignment);
}

SOAK_NEW SOAK_HOT_CODE void operator delete(void* block, std::size_t) noexcept { operator delete(block); }
SOAK_NEW SOAK_HOT_CODE void operator delete[](void* block, std::size_t) noexcept { operator delete[](block); }
SOAK_NEW void operator delete(void* block, std::size_t, std::align_val_t alignment) noexcept {
  operator delete(block, alignment);
}
SOAK_NEW void operator delete[](void* block, std::size_t, std::align_val_t alignment) noexcept {
  operator delete[](block, alignment);
}
