// Walks a thread's stack, and remembers the last one: most of the next stack is the same.
//
// The remembered stack is kept outermost frame first, each with the hash of the chain up to it. A walk goes on only
// until it comes to a remembered frame in the same state (return address, stack and frame pointer); if the return
// addresses further out still stand where they stood, the rest of the stack is the remembered one.
#pragma once

#include "probe/sites/machine.hpp"
#include "probe/sites/rule_cache.hpp"
#include "probe/sites/stack_bounds.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {

/// In place of an address where a frame pointer was saved.
inline constexpr std::uint64_t fp_passes_through = 0, fp_is_lost = 1;

struct RememberedFrame {
  std::uint64_t frame = 0;  ///< Address and module, as in the region.
  std::uint64_t sp = 0, fp = 0, slot = 0;
  std::uint64_t hash = 0;  ///< Of this frame and all further out.
  /// Where the function saved its caller's frame pointer, or one of those above.
  std::uint64_t fp_saved_at = fp_passes_through;
  /// Where the function keeps its caller's stack pointer, if it aligned its own; 0 elsewhere.
  std::uint64_t cfa_slot = 0;
  /// This frame or one further out was found by `fp`. Where not, a function may have anything there, a loop's counter
  /// for one.
  bool depends_on_fp = false;
};
static_assert(sizeof(RememberedFrame) == 64);

/// A thread's last stack. Zero-initialised memory is a valid one; only its thread uses it, and not while it is busy.
struct alignas(64) StackMemory {
  std::uint64_t thread = 0;  ///< pthread_self() of its user.
  OwnStack own;
  std::uint32_t depth = 0;
  std::uint32_t site = 0;        ///< Of the whole stack; 0 where not looked up yet.
  std::uint32_t generation = 0;  ///< code_generation at its time.
  bool is_busy = false;          ///< A signal handler that finds this set must use another.
  layout::StackEnd end = layout::StackEnd::complete;
  RememberedFrame frames[layout::max_stack_depth];  ///< Outermost first.
  RememberedFrame fresh[layout::max_stack_depth];   ///< A walk's scratch space, innermost first.
};

/// A walk is a function of the registers that it begins with and of the words that it reads. This calls
/// visit(address) for each of those words that the frames further out than the innermost of the `count` outermost
/// were found by, until it returns false; returns false then, and where the frames were not found by words of this
/// stack alone.
template <typename Visit>
bool for_each_word(const StackMemory& memory, std::uint32_t count, Visit visit) noexcept {
  for (auto i = count - 1; i > 0; --i) {
    const auto &inner = memory.frames[i], &outer = memory.frames[i - 1];
    if (outer.slot == 0 || !visit(outer.slot, outer.frame & layout::frame_address_mask)) return false;
    if (inner.cfa_slot != 0 && !visit(inner.cfa_slot, outer.sp)) return false;
    if (outer.depends_on_fp && inner.fp_saved_at > fp_is_lost && !visit(inner.fp_saved_at, outer.fp)) return false;
  }
  return true;
}

/// `at` is the state that the walk had at the innermost of the `count` outermost frames, and what it found further
/// out is still the same. Precondition: count > 0.
inline bool still_stands(const StackMemory& memory, std::uint32_t count, const Registers& at) noexcept {
  const auto& frame = memory.frames[count - 1];
  if (frame.sp != at.sp || (frame.frame & layout::frame_address_mask) != at.pc ||
      (frame.depends_on_fp && frame.fp != at.fp))
    return false;
  return for_each_word(memory, count, [](std::uint64_t address, std::uint64_t value) {
    return without_signature(word_at(address)) == value;
  });
}

/// Walks from `from` outwards and leaves the stack in `memory`. Its `site` survives only where nothing changed. The
/// frames are good until the next walk, but are not to be remembered where false is returned.
bool walk(StackMemory& memory, Registers from, RuleCache& rules) noexcept;

}  // namespace soak::probe
