// The function that the program would have called without us.
#pragma once

#include <dlfcn.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace soak::probe {

struct NextSymbol {
  const char* name;
  std::atomic<void*> address;

  /// Looked up by name once: at the first use, or by look_up_next_functions().
  void* look_up() noexcept {
    auto* found = address.load(std::memory_order_relaxed);
    if (found == nullptr) address.store(found = dlsym(RTLD_NEXT, name), std::memory_order_relaxed);
    return found;
  }
};

/// Define it with SOAK_NEXT.
template <typename Function>
class NextFunction : NextSymbol {
 public:
  constexpr explicit NextFunction(const char* function) : NextSymbol{function, nullptr} {}
  /// Null where libc is older than the function.
  Function* operator*() noexcept { return reinterpret_cast<Function*>(look_up()); }
};

/// All of them, so that none is looked up where that may not be: in a signal handler, or in a child forked from a
/// process of many threads. When the probe is loaded.
void look_up_next_functions() noexcept;

}  // namespace soak::probe

/// SOAK_NEXT(int(int), close) defines next_close. All lie in one section, which is how they are found.
#define SOAK_NEXT(type, function)                                                                          \
  namespace {                                                                                              \
  __attribute__((section("soak_next"), used)) constinit ::soak::probe::NextFunction<type> next_##function( \
      #function);                                                                                          \
  }

#define SOAK_HOOK extern "C" __attribute__((visibility("default")))

namespace soak::probe {

// The blocks that were allocated before call sites could be kept: constructors of libraries run before ours. Known,
// so that they are not taken for foreign ones, which were never allocated through us, when they are freed.

inline constexpr std::size_t early_block_capacity = 1024;
extern std::atomic<void*> early_blocks[early_block_capacity];

/// True until call sites are on, or are known not to be wanted. Any thread may note and forget until then.
extern std::atomic<bool> are_blocks_early;
void note_early_block(void* block) noexcept;
void forget_early_block(void* block) noexcept;

/// False where there were more than there is room for.
bool early_blocks_are_known() noexcept;

template <typename Visit>
void for_each_early_block(Visit visit) noexcept {
  for (const auto& place : early_blocks)
    if (void* const block = place.load(std::memory_order_relaxed)) visit(block);
}

// The allocator underneath: the malloc family that the program would have called without us.
//
// Found with RTLD_NEXT at the first call. While that look-up runs, which itself may allocate, blocks come from a
// small pool: a block of glibc's freed through jemalloc later would crash, so pool blocks are recognised by address
// and never reach any allocator. They carry a chunk header like glibc's, so that their size is read the same way.

struct NextAllocator {
  void* (*malloc)(std::size_t);
  /// The same, but where a program has a malloc of its own, that one, until it is proven to end here, too.
  void* (*malloc_for_new)(std::size_t);
  void (*free)(void*);
  void* (*calloc)(std::size_t, std::size_t);
  void* (*realloc)(void*, std::size_t);
  void* (*memalign)(std::size_t, std::size_t);
  void* (*aligned_alloc)(std::size_t, std::size_t);
  int (*posix_memalign)(void**, std::size_t, std::size_t);
  std::size_t (*malloc_usable_size)(void*);
  bool is_glibc;  ///< Sizes can then be read from the chunk header, without a call; see is_plain_chunk().
};
/// Hidden here as well: called in place, without an address from a table.
extern __attribute__((visibility("hidden"))) NextAllocator next;

/// glibc, jemalloc, tcmalloc, mimalloc, or the file that defines malloc.
const char* next_allocator_name() noexcept;

inline constexpr std::size_t early_pool_bytes = 512 * 1024;
struct alignas(64) EarlyPool {
  std::byte memory[early_pool_bytes];
};
extern __attribute__((visibility("hidden"))) EarlyPool early_pool;

inline bool is_early_block(const void* block) noexcept {
  return reinterpret_cast<std::uintptr_t>(block) - reinterpret_cast<std::uintptr_t>(&early_pool) < early_pool_bytes;
}

/// glibc keeps a chunk's size in the word before the block, and flags in its low bits (malloc/malloc.c, "musable",
/// the same from glibc 2.26 on). The block ends 8 bytes behind the chunk, unless this flag says that the chunk was
/// mapped by itself. Blocks of the pool have the flag, too: whoever finds it has to look twice.
inline constexpr std::size_t mapped_chunk_flag = 2, chunk_flags = 7;
inline std::size_t chunk_header(const void* block) noexcept { return static_cast<const std::size_t*>(block)[-1]; }
/// Asked where glibc is underneath, of blocks that may be of the pool: the size is plain_chunk_bytes().
inline bool is_plain_chunk(const void* block) noexcept { return (chunk_header(block) & mapped_chunk_flag) == 0; }
inline std::size_t plain_chunk_bytes(const void* block) noexcept { return (chunk_header(block) & ~chunk_flags) - 8; }

/// A plain chunk of less than 32 KiB, which nearly all are: both are one test of the header.
inline bool is_small_chunk(const void* block) noexcept {
  constexpr std::size_t neither = ~std::size_t{0x7fff} | mapped_chunk_flag;
  return (chunk_header(block) & neither) == 0;
}

/// What the allocator holds for the block, as malloc_usable_size says.
inline std::size_t usable_bytes(void* block) noexcept {
  if (is_early_block(block)) [[unlikely]]
    return plain_chunk_bytes(block);
  if (!next.is_glibc) return next.malloc_usable_size(block);
  return plain_chunk_bytes(block) - (is_plain_chunk(block) ? 0 : 8);
}

}  // namespace soak::probe
