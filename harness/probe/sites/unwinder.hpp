// Walks a thread's stack, and remembers the last one: most of the next stack is the same.
//
// The remembered stack is kept outermost frame first, each with the hash of the chain up to it. A walk goes on only
// until it comes to a remembered frame in the same state (return address, stack and frame pointer); if the return
// addresses further out still stand where they stood, the rest of the stack is the remembered one.
#pragma once

#include "probe/sites/machine.hpp"
#include "probe/sites/region_layout.hpp"
#include "probe/sites/rule_cache.hpp"
#include "probe/sites/stack_bounds.hpp"

namespace soak::probe {

/// In place of fp_slot: the caller's frame cannot be told without this frame's pointer, or has the same one.
inline constexpr std::uint64_t fp_is_needed = 0, fp_passes_through = 1;

struct RememberedFrame {
  std::uint64_t frame = 0;  ///< Address and module, as in the region.
  std::uint64_t sp = 0, fp = 0, slot = 0;
  std::uint64_t hash = 0;  ///< Of this frame and all further out.
  /// Where the function saved its caller's frame pointer, or one of those below.
  std::uint64_t fp_slot = 0;
  /// Where the function keeps its caller's stack pointer, if it aligned its own: then equal registers do not make
  /// equal callers. 0 elsewhere.
  std::uint64_t cfa_slot = 0;
  std::uint64_t fp_source = 0;  ///< Where fp was found, if fp_is_needed; 0 if it was in the register.
};

/// A thread's last stack. Zero-initialised memory is a valid one; only its thread uses it, and not while it is busy.
struct alignas(64) StackMemory {
  std::uint64_t thread = 0;  ///< pthread_self() of its user.
  OwnStack own;
  std::uint32_t depth = 0;
  std::uint32_t site = 0;        ///< Of the whole stack; 0 where not looked up yet.
  std::uint32_t generation = 0;  ///< code_generation at its time.
  bool is_busy = false;          ///< A signal handler that finds this set must use another.
  StackEnd end = StackEnd::complete;
  RememberedFrame frames[max_stack_depth];  ///< Outermost first.
  RememberedFrame fresh[max_stack_depth];   ///< A walk's scratch space, innermost first.
};

/// The frame's caller has the stack pointer it had.
inline bool caller_stands(const StackMemory& memory, std::uint32_t index) noexcept {
  const auto slot = memory.frames[index].cfa_slot;
  return slot == 0 || (index > 0 && word_at(slot) == memory.frames[index - 1].sp);
}

/// All that the `count` outermost frames were found by is where it was. What lies below `sp` is not theirs: there, a
/// frame pointer had passed through to them, and has been compared already.
inline bool still_stand(const StackMemory& memory, std::uint32_t count, std::uint64_t sp) noexcept {
  for (std::uint32_t i = count; i-- > 0;) {
    const auto& frame = memory.frames[i];
    if (frame.slot == 0 || without_signature(word_at(frame.slot)) != (frame.frame & frame_address_mask) ||
        !caller_stands(memory, i))
      return false;
    if (frame.fp_source >= sp && word_at(frame.fp_source) != frame.fp) return false;
  }
  return true;
}

/// A function that does not address its frame by rbp may have anything there, a loop's counter for one. Then its
/// frame pointer tells nothing, and what it saved of its caller's is compared instead.
inline bool frame_pointer_settles(const StackMemory& memory, std::uint32_t index, std::uint64_t fp) noexcept {
  for (;; --index) {
    const auto& frame = memory.frames[index];
    if (frame.fp == fp) return true;
    if (frame.fp_slot == fp_is_needed) return false;
    if (index == 0) return true;
    if (frame.fp_slot != fp_passes_through) fp = word_at(frame.fp_slot);
  }
}

/// `at` is the state of the remembered frame, as far as the frames further out are concerned.
inline bool is_at(const StackMemory& memory, std::uint32_t index, const Registers& at) noexcept {
  const auto& frame = memory.frames[index];
  return frame.sp == at.sp && (frame.frame & frame_address_mask) == at.pc && caller_stands(memory, index) &&
         frame_pointer_settles(memory, index, at.fp);
}

/// The whole stack is the remembered one.
inline bool is_unchanged(const StackMemory& memory, const Registers& at) noexcept {
  const auto depth = memory.depth;
  return depth > 0 && memory.site != 0 && memory.own.has(at.sp) && is_at(memory, depth - 1, at) &&
         still_stand(memory, depth - 1, at.sp);
}

/// Walks from `from` outwards and leaves the stack in `memory`. Its `site` survives only where nothing changed. The
/// frames are good until the next walk, but are not to be remembered where false is returned.
bool walk(StackMemory& memory, Registers from, RuleCache& rules) noexcept;

}  // namespace soak::probe
