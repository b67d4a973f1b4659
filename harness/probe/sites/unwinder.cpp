#include "probe/sites/unwinder.hpp"

#include "probe/sites/find_rule.hpp"

namespace soak::probe {
namespace {

enum class Step { taken, outermost, stopped };

std::uint64_t mixed(std::uint64_t hash, std::uint64_t frame) noexcept {
  const auto product = (hash ^ frame) * 0x9e3779b97f4a7c15u;
  return product ^ product >> 29;
}

/// The kernel saved the interrupted registers; from there on it may be another stack.
Step leave_signal_handler(Registers& at, StackMemory& memory, ReadableStack& stack) noexcept {
  if (!stack.has(at.sp + signal_frame_fp) || !stack.has(at.sp + signal_frame_sp) ||
      !stack.has(at.sp + signal_frame_pc))
    return Step::stopped;
  at = {word_at(at.sp + signal_frame_pc) + 1, word_at(at.sp + signal_frame_sp), word_at(at.sp + signal_frame_fp), 0,
        0};
  stack = readable_stack(memory.own, at.sp);
  return Step::taken;
}

/// 0 where the rule cannot be followed.
inline std::uint64_t cfa_of(const Registers& at, PackedRule rule, ReadableStack& stack) noexcept {
  const auto offset = static_cast<std::uint64_t>(cfa_offset(rule));
  switch (cfa_rule(rule)) {
    case CfaRule::stack_pointer:
      return at.sp + offset;
    case CfaRule::frame_pointer:
      return at.fp + offset;
    case CfaRule::through_frame_pointer:
      return stack.has(at.fp + offset) ? word_at(at.fp + offset) : 0;
    case CfaRule::linkage_stub:
      return at.sp + ((at.pc - 1) % 16 >= offset / 8 ? 16 : 8);
    default:
      return 0;
  }
}

inline bool restore_frame_pointer(Registers& at, std::uint64_t cfa, PackedRule rule, ReadableStack& stack) noexcept {
  const auto kind = fp_rule(rule);
  if (kind == FpRule::unchanged) return true;
  if (kind == FpRule::lost) {
    at.fp = 0;
    return true;
  }
  const auto place = (kind == FpRule::at_cfa ? cfa : at.fp) + static_cast<std::uint64_t>(fp_offset(rule));
  if (!stack.has(place)) [[unlikely]]
    return false;
  at.fp = word_at(place);
  at.fp_source = place;
  return true;
}

inline Step step(Registers& at, PackedRule rule, StackMemory& memory, ReadableStack& stack) noexcept {
  if (cfa_rule(rule) == CfaRule::outermost) return Step::outermost;
  if (cfa_rule(rule) == CfaRule::signal_frame) return leave_signal_handler(at, memory, stack);
  const auto cfa = cfa_of(at, rule, stack);
  const auto slot = cfa + static_cast<std::uint64_t>(return_address_offset(rule));
  // Outwards only: whatever the rules and the stack say, a walk ends.
  if (cfa <= at.sp || !stack.has(slot) || !restore_frame_pointer(at, cfa, rule, stack)) [[unlikely]]
    return Step::stopped;
  at.pc = without_signature(word_at(slot));
  at.sp = cfa;
  at.slot = slot;
  return at.pc == 0 ? Step::outermost : Step::taken;
}

inline PackedRule rule_for(std::uint64_t return_address, RuleCache& rules) noexcept {
  const auto rule = rules.find(return_address);
  return rule != 0 ? rule : find_rule(return_address, rules);
}

inline bool needs_fp(PackedRule rule) noexcept {
  return cfa_rule(rule) == CfaRule::frame_pointer || cfa_rule(rule) == CfaRule::through_frame_pointer;
}

/// See RememberedFrame::cfa_slot.
inline std::uint64_t cfa_slot_of(PackedRule rule, const Registers& at) noexcept {
  return cfa_rule(rule) == CfaRule::through_frame_pointer ? at.fp + static_cast<std::uint64_t>(cfa_offset(rule)) : 0;
}

/// See RememberedFrame::fp_slot; `cfa` is the caller's stack pointer.
inline std::uint64_t saved_fp(PackedRule rule, std::uint64_t cfa) noexcept {
  if (cfa_rule(rule) == CfaRule::outermost) return fp_passes_through;
  if (cfa_rule(rule) != CfaRule::stack_pointer) return fp_is_needed;
  if (fp_rule(rule) == FpRule::unchanged) return fp_passes_through;
  return fp_rule(rule) == FpRule::at_cfa ? cfa + static_cast<std::uint64_t>(fp_offset(rule)) : fp_is_needed;
}

/// What a walk found before it came to remembered frames, or to the end.
struct Walked {
  std::uint32_t fresh = 0, kept = 0;
  StackEnd end = StackEnd::complete;
  bool may_be_remembered = true;
};

inline Walked walk_to_remembered(StackMemory& memory, Registers at, ReadableStack& stack, RuleCache& rules) noexcept {
  Walked walked;
  walked.may_be_remembered = stack.is_own;
  auto kept = stack.is_own ? memory.depth : 0;
  for (;;) {
    while (kept > 0 && memory.frames[kept - 1].sp < at.sp) --kept;
    if (kept > 0 && is_at(memory, kept - 1, at) && still_stand(memory, kept - 1, at.sp)) {
      walked.kept = kept;
      walked.end = memory.end;
      return walked;
    }
    if (walked.fresh == max_stack_depth) {
      walked.end = StackEnd::too_deep;
      walked.may_be_remembered = false;
      return walked;
    }
    const auto rule = rule_for(at.pc, rules);
    memory.fresh[walked.fresh++] = {at.pc | module_of(rule) << frame_address_bits,
                                    at.sp,
                                    at.fp,
                                    at.slot,
                                    0,
                                    fp_is_needed,
                                    cfa_slot_of(rule, at),
                                    needs_fp(rule) ? at.fp_source : 0};
    const auto outcome = step(at, rule, memory, stack);
    if (outcome != Step::stopped) memory.fresh[walked.fresh - 1].fp_slot = saved_fp(rule, at.sp);
    if (!stack.is_own) {
      kept = 0;
      walked.may_be_remembered = false;
    }
    if (outcome == Step::taken) continue;
    walked.end = outcome == Step::outermost ? StackEnd::complete : StackEnd::stopped;
    return walked;
  }
}

void put_together(StackMemory& memory, const Walked& walked) noexcept {
  auto depth = walked.kept;
  auto hash = depth == 0 ? 0 : memory.frames[depth - 1].hash;
  for (auto i = walked.fresh; i-- > 0; ++depth) {
    hash = mixed(hash, memory.fresh[i].frame);
    memory.frames[depth] = memory.fresh[i];
    memory.frames[depth].hash = hash;
  }
  if (walked.fresh > 0 || depth != memory.depth) memory.site = 0;
  memory.depth = depth;
  memory.end = walked.end;
}

}  // namespace

bool walk(StackMemory& memory, Registers from, RuleCache& rules) noexcept {
  auto stack = readable_stack(memory.own, from.sp);
  auto walked = walk_to_remembered(memory, from, stack, rules);
  if (walked.kept + walked.fresh > max_stack_depth) {
    // Deeper than what is kept: the innermost frames count, all of them fresh.
    memory.depth = 0;
    stack = readable_stack(memory.own, from.sp);
    walked = walk_to_remembered(memory, from, stack, rules);
  }
  put_together(memory, walked);
  return walked.may_be_remembered;
}

}  // namespace soak::probe
