// operator new and delete, in place of libstdc++'s, whose own would call malloc, and of jemalloc's and tcmalloc's,
// which would not. As the standard has it [new.delete], the array, sized and nothrow forms call the plain ones: a
// program that replaces only those gets all of them.
#include <dlfcn.h>
#include <stdlib.h>

#include <new>

#include "probe/direct_calls.hpp"
#include "probe/sites/site_hooks.hpp"
#include "probe/usual_counting.hpp"

#define SOAK_NEW __attribute__((visibility("default")))

using namespace soak;
using namespace soak::probe;

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
