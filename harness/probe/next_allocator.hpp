// The allocator underneath: the malloc family that the program would have called without us.
//
// Found with RTLD_NEXT at the first call. While that look-up runs, which itself may allocate, blocks come from a
// small pool: a block of glibc's freed through jemalloc later would crash, so pool blocks are recognised by address
// and never reach any allocator. They carry glibc's chunk header, so that their size is read the same way.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

struct NextAllocator {
  void* (*malloc)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  int (*posix_memalign)(void**, std::size_t, std::size_t);
  void* (*valloc)(std::size_t);
  void* (*pvalloc)(std::size_t);
  std::size_t (*malloc_usable_size)(void*);
  bool is_glibc;  ///< Sizes can then be read from the chunk header, without a call.
};
extern NextAllocator next;

/// glibc, jemalloc, tcmalloc, mimalloc, or the file that defines malloc.
const char* next_allocator_name() noexcept;

inline constexpr std::size_t early_pool_bytes = 512 * 1024;
struct alignas(64) EarlyPool {
  std::byte memory[early_pool_bytes];
};
extern EarlyPool early_pool;

inline bool is_early_block(const void* block) noexcept {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(&early_pool) < early_pool_bytes;
}

/// What the allocator holds for the block: as malloc_usable_size says, at the price of one load where glibc is
/// underneath. glibc keeps the chunk's size in the word before the block; its low bits are flags, of which 2 says
/// that the chunk was mapped by itself and ends 8 bytes earlier (malloc/malloc.c, "musable", glibc 2.26 to 2.36 and
/// later alike).
inline std::size_t usable_bytes(void* block) noexcept {
  if (!next.is_glibc && !is_early_block(block)) [[unlikely]]
    return next.malloc_usable_size(block);
  const auto size_and_flags = static_cast<const std::size_t*>(block)[-1];
  return (size_and_flags & ~std::size_t{7}) - 8 - ((size_and_flags & 2) << 2);
}

}  // namespace soak::probe
