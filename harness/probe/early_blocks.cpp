#include "probe/early_blocks.hpp"

namespace soak::probe {

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
