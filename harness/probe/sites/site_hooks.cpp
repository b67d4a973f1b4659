#include "probe/sites/site_hooks.hpp"

#include <string.h>

#include "probe/direct_calls.hpp"
#include "probe/sites/call_sites.hpp"

/// Never inlined: the function's own frame is where the walk begins.
#define SOAK_AT_SITE __attribute__((noinline))

namespace soak::probe {

SOAK_AT_SITE SOAK_HOT_CODE void* malloc_at_site(std::size_t bytes) noexcept {
  void* const block = next.malloc(bytes);
  // Only now: before, they would have to be kept in registers that would have to be saved.
  return keep_usual_allocation(block, bytes, SOAK_OWN_FRAME());
}

SOAK_AT_SITE SOAK_HOT_CODE void* new_at_site(std::size_t bytes) {
  if (void* const block = next.malloc(bytes == 0 ? 1 : bytes)) [[likely]]
    return keep_usual_allocation(block, bytes, SOAK_OWN_FRAME());
  return fail_to_allocate(bytes);
}

SOAK_AT_SITE SOAK_HOT_CODE void free_at_site(void* block) noexcept { free_usual_block(block); }

SOAK_AT_SITE void* keep_at_site(void* block, std::size_t bytes) noexcept {
  return keep_usual_allocation(block, bytes, SOAK_OWN_FRAME());
}

SOAK_AT_SITE void* calloc_at_site(std::size_t count, std::size_t bytes) noexcept {
  const auto caller = SOAK_CALLER_REGISTERS();
  return keep_allocation(next.calloc(count, bytes), count * bytes, caller);
}

namespace {

/// A block of the look-up's pool cannot be resized by any allocator: it moves into a real one.
void* move_out_of_pool(void* block, std::size_t bytes, const Registers& caller) noexcept {
  void* const moved = bytes == 0 ? nullptr : keep_allocation(next.malloc(bytes), bytes, caller);
  if (moved == nullptr && bytes != 0) return nullptr;
  const auto old_bytes = take_block(block).usable_bytes;
  if (moved != nullptr) memcpy(moved, block, bytes < old_bytes ? bytes : old_bytes);
  return moved;
}

}  // namespace

SOAK_AT_SITE void* realloc_at_site(void* block, std::size_t bytes) noexcept {
  const auto caller = SOAK_CALLER_REGISTERS();
  if (block == nullptr) return keep_allocation(next.malloc(bytes), bytes, caller);
  if (is_early_block(block)) [[unlikely]]
    return move_out_of_pool(block, bytes, caller);
  // Out first: once it is moved, the old address may be another thread's.
  const auto taken = take_block(block);
  void* const resized = next.realloc(block, bytes);
  // With a size of 0 null means that the block was freed; with any other that it is still there.
  if (resized == nullptr && bytes != 0) put_back(block, taken);
  return keep_allocation(resized, bytes, caller);
}

extern "C" {
// Our own, whatever stands in front of the public ones.
__attribute__((visibility("hidden"))) void* soak_own_malloc(std::size_t);
__attribute__((visibility("hidden"))) void soak_own_free(void*);
__attribute__((visibility("hidden"))) void* soak_own_new(std::size_t);
__attribute__((visibility("hidden"))) void soak_own_delete(void*);
}

std::span<const Redirection> hooks_at_sites() noexcept {
  static const Redirection redirections[] = {
      {reinterpret_cast<const void*>(&soak_own_malloc), reinterpret_cast<const void*>(&malloc_at_site)},
      {reinterpret_cast<const void*>(&soak_own_free), reinterpret_cast<const void*>(&free_at_site)},
      {reinterpret_cast<const void*>(&soak_own_new), reinterpret_cast<const void*>(&new_at_site)},
      {reinterpret_cast<const void*>(&soak_own_delete), reinterpret_cast<const void*>(&free_at_site)},
  };
  return redirections;
}

SOAK_AT_SITE void* memalign_at_site(std::size_t alignment, std::size_t bytes) noexcept {
  const auto caller = SOAK_CALLER_REGISTERS();
  return keep_allocation(next.memalign(alignment, bytes), bytes, caller);
}

SOAK_AT_SITE void* aligned_alloc_at_site(std::size_t alignment, std::size_t bytes) noexcept {
  const auto caller = SOAK_CALLER_REGISTERS();
  return keep_allocation(next.aligned_alloc(alignment, bytes), bytes, caller);
}

SOAK_AT_SITE int posix_memalign_at_site(void** block, std::size_t alignment, std::size_t bytes) noexcept {
  const auto caller = SOAK_CALLER_REGISTERS();
  const int error = next.posix_memalign(block, alignment, bytes);
  if (error == 0) keep_allocation(*block, bytes, caller);
  return error;
}

}  // namespace soak::probe
