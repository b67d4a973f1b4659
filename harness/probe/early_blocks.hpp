// The blocks that were allocated before call sites could be kept: constructors of libraries run before ours. Known,
// so that they are not taken for foreign ones, which were never allocated through us, when they are freed.
#pragma once

#include <atomic>
#include <cstddef>

namespace soak::probe {

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

}  // namespace soak::probe
