#include "probe/next_allocator.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>

#include <atomic>
#include <initializer_list>

// The bounds of the section, which the linker defines.
extern "C" __attribute__((visibility("hidden"))) soak::probe::NextSymbol __start_soak_next[], __stop_soak_next[];

namespace soak::probe {

void look_up_next_functions() noexcept {
  for (auto* symbol = __start_soak_next; symbol != __stop_soak_next; ++symbol) symbol->look_up();
}

constinit std::atomic<void*> early_blocks[early_block_capacity]{};
constinit std::atomic<bool> are_blocks_early{true};

namespace {

constinit std::atomic<bool> has_overflowed{false};

/// False where `from` is nowhere.
bool replace(void* from, void* to) noexcept {
  for (auto& place : early_blocks) {
    void* expected = from;
    if (place.load(std::memory_order_relaxed) == from && place.compare_exchange_strong(expected, to)) return true;
  }
  return false;
}

}  // namespace

void note_early_block(void* block) noexcept {
  if (!replace(nullptr, block)) has_overflowed = true;
}

void forget_early_block(void* block) noexcept { replace(block, nullptr); }

bool early_blocks_are_known() noexcept { return !has_overflowed; }

}  // namespace soak::probe

extern "C" __attribute__((visibility("hidden"))) void* soak_own_malloc(std::size_t);

namespace soak::probe {

constinit EarlyPool early_pool{};

namespace {

constinit std::atomic<std::size_t> early_pool_used{0};
enum class Lookup { not_begun, under_way, done };
constinit std::atomic<Lookup> lookup{Lookup::not_begun};

/// A block that is never given back. Null when the pool is used up, as any allocator may answer.
void* take_early_block(std::size_t alignment, std::size_t bytes) noexcept {
  if (bytes > early_pool_bytes) return nullptr;
  const auto block_alignment = alignment < 16 ? 16 : alignment;
  const auto chunk = ((bytes + 15) & ~std::size_t{15}) + 16;
  const auto begin = early_pool_used.fetch_add(chunk + block_alignment, std::memory_order_relaxed);
  if (begin + chunk + block_alignment > early_pool_bytes) return nullptr;
  const auto base = reinterpret_cast<std::uintptr_t>(&early_pool) + begin + 16;
  auto* const block = reinterpret_cast<std::size_t*>((base + block_alignment - 1) & ~(block_alignment - 1));
  block[-1] = ((chunk - 8) & ~chunk_flags) | mapped_chunk_flag;  // 8 bytes more than can be used
  return block;
}

bool find_next() noexcept;

// What `next` points to until the look-up is done: the first call does the look-up, those it makes itself get early
// blocks.
void* first_malloc(std::size_t bytes) { return find_next() ? next.malloc(bytes) : take_early_block(16, bytes); }
void* first_malloc_for_new(std::size_t bytes) {
  return find_next() ? next.malloc_for_new(bytes) : take_early_block(16, bytes);
}
void first_free(void* block) {
  if (find_next()) next.free(block);
}
void* first_calloc(std::size_t count, std::size_t bytes) {
  if (find_next()) return next.calloc(count, bytes);
  std::size_t total = 0;
  return __builtin_mul_overflow(count, bytes, &total) ? nullptr : take_early_block(16, total);  // the pool is zero
}
void* first_realloc(void* block, std::size_t bytes) { return find_next() ? next.realloc(block, bytes) : nullptr; }
void* first_memalign(std::size_t alignment, std::size_t bytes) {
  return find_next() ? next.memalign(alignment, bytes) : take_early_block(alignment, bytes);
}
void* first_aligned_alloc(std::size_t alignment, std::size_t bytes) {
  return find_next() ? next.aligned_alloc(alignment, bytes) : take_early_block(alignment, bytes);
}
int first_posix_memalign(void** block, std::size_t alignment, std::size_t bytes) {
  if (find_next()) return next.posix_memalign(block, alignment, bytes);
  *block = take_early_block(alignment, bytes);
  return *block == nullptr ? ENOMEM : 0;
}
std::size_t first_malloc_usable_size(void* block) { return find_next() ? next.malloc_usable_size(block) : 0; }

template <typename Function>
void look_up(Function& function, const char* name) noexcept {
  if (void* const symbol = dlsym(RTLD_NEXT, name)) function = reinterpret_cast<Function>(symbol);
}

/// Asked of the files: tcmalloc and mimalloc define __libc_malloc as well, so that name proves nothing.
bool is_of_glibc(void* (*function)(std::size_t)) noexcept {
  Dl_info its{}, glibcs{};
  return dladdr(reinterpret_cast<void*>(function), &its) != 0 &&
         dladdr(reinterpret_cast<void*>(&gnu_get_libc_version), &glibcs) != 0 && its.dli_fbase == glibcs.dli_fbase;
}

/// An allocator may set itself up at the first call of a function, and allocate for it. Done while what it asks of us
/// comes from the pool: tcmalloc's malloc_usable_size would call operator new, ours would call it for the size, and
/// so on.
void set_up(const NextAllocator& allocator) noexcept {
  void* const block = allocator.malloc(1);
  if (block != nullptr) allocator.malloc_usable_size(block);
  allocator.free(block);
}

/// A later glibc may keep its sizes elsewhere; then it is asked for them, as every other allocator is.
bool headers_tell_sizes(const NextAllocator& allocator) noexcept {
  bool right = true;
  for (const std::size_t bytes : {std::size_t{1}, std::size_t{24}, std::size_t{25}, std::size_t{2000}}) {
    void* const block = allocator.malloc(bytes);
    if (block == nullptr) return false;
    right = right && is_plain_chunk(block) && plain_chunk_bytes(block) == allocator.malloc_usable_size(block);
    allocator.free(block);
  }
  return right;
}

/// True when `next` is the real allocator; false for calls that the look-up itself makes, on whichever thread.
bool find_next() noexcept {
  auto expected = Lookup::not_begun;
  if (!lookup.compare_exchange_strong(expected, Lookup::under_way)) return expected == Lookup::done;
  NextAllocator found = next;
  look_up(found.malloc, "malloc");
  look_up(found.free, "free");
  look_up(found.calloc, "calloc");
  look_up(found.realloc, "realloc");
  look_up(found.memalign, "memalign");
  look_up(found.aligned_alloc, "aligned_alloc");
  look_up(found.posix_memalign, "posix_memalign");
  look_up(found.malloc_usable_size, "malloc_usable_size");
  set_up(found);
  found.malloc_for_new = &malloc == &soak_own_malloc ? found.malloc : &malloc;
  found.is_glibc = is_of_glibc(found.malloc) && headers_tell_sizes(found);
  next = found;
  lookup.store(Lookup::done);
  return true;
}

}  // namespace

constinit NextAllocator next{
    .malloc = first_malloc,
    .malloc_for_new = first_malloc_for_new,
    .free = first_free,
    .calloc = first_calloc,
    .realloc = first_realloc,
    .memalign = first_memalign,
    .aligned_alloc = first_aligned_alloc,
    .posix_memalign = first_posix_memalign,
    .malloc_usable_size = first_malloc_usable_size,
    .is_glibc = true,  // so that early blocks are sized by their header
};

const char* next_allocator_name() noexcept {
  find_next();
  if (is_of_glibc(next.malloc)) return "glibc";
  Dl_info info{};
  if (dladdr(reinterpret_cast<void*>(next.malloc), &info) == 0 || info.dli_fname == nullptr) return "unknown";
  for (const char* known : {"jemalloc", "tcmalloc", "mimalloc"})
    if (strstr(info.dli_fname, known) != nullptr) return known;
  return info.dli_fname;
}

}  // namespace soak::probe
