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

struct RememberedFrame {
  std::uint64_t frame = 0;  ///< Address and module, as in the region.
  std::uint64_t sp = 0, fp = 0, slot = 0;
  std::uint64_t hash = 0;  ///< Of this frame and all further out.
};

/// A thread's last stack. Zero-initialised memory is a valid one; only its thread uses it, and not while it is busy.
struct StackMemory {
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

/// Walks from `from` outwards and leaves the stack in `memory`. Its `site` survives only where nothing changed. The
/// frames are good until the next walk, but are not to be remembered where false is returned.
bool walk(StackMemory& memory, Registers from, RuleCache& rules) noexcept;

}  // namespace soak::probe
