// The malloc family with call sites on. The hooks proper jump here, so that the caller seen here is the program.
#pragma once

#include <cstddef>
#include <span>

#include "probe/direct_calls.hpp"

namespace soak::probe {

void* malloc_at_site(std::size_t bytes) noexcept;
/// operator new, whose caller the walk begins at.
void* new_at_site(std::size_t bytes);
void free_at_site(void* block) noexcept;
/// The end of a malloc or operator new that has a block already, null included; called last of all.
void* keep_at_site(void* block, std::size_t bytes) noexcept;
void* calloc_at_site(std::size_t count, std::size_t bytes) noexcept;
void* realloc_at_site(void* block, std::size_t bytes) noexcept;
void* memalign_at_site(std::size_t alignment, std::size_t bytes) noexcept;
void* aligned_alloc_at_site(std::size_t alignment, std::size_t bytes) noexcept;
int posix_memalign_at_site(void** block, std::size_t alignment, std::size_t bytes) noexcept;

/// What the usual hooks become where call sites are on.
std::span<const Redirection> hooks_at_sites() noexcept;

/// Out of memory in operator new: what the C++ library underneath does then; it may throw, or have memory after all.
void* fail_to_allocate(std::size_t bytes);

}  // namespace soak::probe
