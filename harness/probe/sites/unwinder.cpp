#include "probe/sites/unwinder.hpp"

#include <errno.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "probe/sites/frame_rule.hpp"

extern "C" void* __libc_stack_end;

namespace soak::probe {
namespace {

/// The least page size; asking twice a larger page does no harm.
constexpr std::uint64_t page = 4096;
constexpr std::uint64_t farthest_frame = 1 << 20, deepest_stack = 64 << 20;
/// A stretch this small is always tried: a stack that grows.
constexpr std::uint64_t usual_growth = 64 << 10;
constexpr unsigned pages_a_call = 64;

std::uint64_t page_of(std::uint64_t address) noexcept { return address & ~(page - 1); }

/// Changes nothing: with no such `how` the kernel reads the set, and refuses.
bool is_page_readable(std::uint64_t address) noexcept {
  constexpr int no_such_how = -1;
  return syscall(SYS_rt_sigprocmask, no_such_how, address, nullptr, 8) == -1 && errno == EINVAL;
}

bool are_pages_readable(std::uint64_t first, unsigned count) noexcept {
  char bytes[pages_a_call];
  iovec remote[pages_a_call];
  for (unsigned i = 0; i < count; ++i) remote[i] = {reinterpret_cast<void*>(first + i * page), 1};
  const iovec local{bytes, count};
  const auto got = process_vm_readv(getpid(), &local, 1, remote, count, 0);
  if (got >= 0 || errno == EFAULT) return got == static_cast<ssize_t>(count);
  // A sandbox may refuse the call, an emulator not have it: then page by page.
  for (unsigned i = 0; i < count; ++i)
    if (!is_page_readable(first + i * page)) return false;
  return true;
}

}  // namespace

bool is_readable(std::uint64_t begin, std::uint64_t end) noexcept {
  const int saved_errno = errno;
  bool readable = true;
  for (auto at = page_of(begin); at < end && readable; at += pages_a_call * page) {
    const auto left = (end - at + page - 1) / page;
    readable = are_pages_readable(at, static_cast<unsigned>(left < pages_a_call ? left : pages_a_call));
  }
  errno = saved_errno;
  return readable;
}

OwnStack own_stack() noexcept {
  // glibc keeps a thread's control block at the upper end of its stack; the first thread's is elsewhere.
  const bool is_first_thread = gettid() == getpid();
  const auto top = is_first_thread ? reinterpret_cast<std::uint64_t>(__libc_stack_end)
                                   : static_cast<std::uint64_t>(pthread_self());
  OwnStack own;
  own.low = own.high = top & ~std::uint64_t{15};
  return own;
}

bool OwnStack::extend_down(std::uint64_t sp) noexcept {
  if (sp >= low || low - sp > deepest_stack || (sp <= refused && low - sp > usual_growth)) return false;
  if (is_readable(sp, low)) {
    low = page_of(sp);
    return true;
  }
  refused = sp;
  return false;
}

ReadableStack readable_stack(OwnStack& own, std::uint64_t sp) noexcept {
  if (own.has(sp) || own.extend_down(sp)) [[likely]]
    return {sp, own.high, true};
  return {sp, sp, false};
}

bool ReadableStack::extend_up(std::uint64_t address) noexcept {
  if (is_own || address < low || address - high > farthest_frame) return false;
  const auto end = page_of(address + 7) + page;
  if (!is_readable(high, end)) return false;
  high = end;
  return true;
}

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
  at = {word_at(at.sp + signal_frame_pc) + 1, word_at(at.sp + signal_frame_sp), word_at(at.sp + signal_frame_fp), 0};
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

/// `saved_at` is as in RememberedFrame::fp_saved_at.
inline bool restore_frame_pointer(Registers& at, std::uint64_t cfa, PackedRule rule, ReadableStack& stack,
                                  std::uint64_t& saved_at) noexcept {
  const auto kind = fp_rule(rule);
  saved_at = kind == FpRule::unchanged ? fp_passes_through : fp_is_lost;
  if (kind == FpRule::unchanged) return true;
  if (kind == FpRule::lost) {
    at.fp = 0;
    return true;
  }
  saved_at = (kind == FpRule::at_cfa ? cfa : at.fp) + static_cast<std::uint64_t>(fp_offset(rule));
  if (!stack.has(saved_at)) [[unlikely]]
    return false;
  at.fp = word_at(saved_at);
  return true;
}

/// Goes from `frame`, which `at` is in, to its caller.
inline Step step(Registers& at, PackedRule rule, StackMemory& memory, ReadableStack& stack,
                 RememberedFrame& frame) noexcept {
  if (cfa_rule(rule) == CfaRule::outermost) return Step::outermost;
  if (cfa_rule(rule) == CfaRule::signal_frame) return leave_signal_handler(at, memory, stack);
  const auto cfa = cfa_of(at, rule, stack);
  const auto slot = cfa + static_cast<std::uint64_t>(return_address_offset(rule));
  // Outwards only: whatever the rules and the stack say, a walk ends.
  if (cfa <= at.sp || !stack.has(slot) || !restore_frame_pointer(at, cfa, rule, stack, frame.fp_saved_at))
      [[unlikely]]
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

inline bool uses_fp(PackedRule rule) noexcept {
  return cfa_rule(rule) == CfaRule::frame_pointer || cfa_rule(rule) == CfaRule::through_frame_pointer ||
         fp_rule(rule) == FpRule::at_frame_pointer;
}

/// See RememberedFrame::cfa_slot.
inline std::uint64_t cfa_slot_of(PackedRule rule, const Registers& at) noexcept {
  return cfa_rule(rule) == CfaRule::through_frame_pointer ? at.fp + static_cast<std::uint64_t>(cfa_offset(rule)) : 0;
}

/// False where the rule itself ends the walk.
inline bool frame_says_more(PackedRule rule) noexcept {
  return cfa_rule(rule) != CfaRule::outermost && cfa_rule(rule) != CfaRule::stop;
}

/// What a walk found before it came to remembered frames, or to the end.
struct Walked {
  std::uint32_t fresh = 0, kept = 0;
  layout::StackEnd end = layout::StackEnd::complete;
  bool may_be_remembered = true;
};

inline Walked walk_to_remembered(StackMemory& memory, Registers at, ReadableStack& stack, RuleCache& rules) noexcept {
  Walked walked;
  walked.may_be_remembered = stack.is_own;
  auto kept = stack.is_own ? memory.depth : 0;
  for (;;) {
    while (kept > 0 && memory.frames[kept - 1].sp < at.sp) --kept;
    if (kept > 0 && still_stands(memory, kept, at)) {
      walked.kept = kept;
      walked.end = memory.end;
      return walked;
    }
    if (walked.fresh == layout::max_stack_depth) {
      walked.end = layout::StackEnd::too_deep;
      walked.may_be_remembered = false;
      return walked;
    }
    const auto rule = rule_for(at.pc, rules);
    auto& frame = memory.fresh[walked.fresh++];
    frame = {at.pc | module_of(rule) << layout::frame_address_bits,
             at.sp,
             at.fp,
             at.slot,
             0,
             fp_passes_through,
             cfa_slot_of(rule, at),
             uses_fp(rule)};
    const auto outcome = step(at, rule, memory, stack, frame);
    if (!stack.is_own) kept = 0;
    // Where a word that was read ended the walk, it is among those that no frame stands for.
    const bool ended_by_a_word = outcome != Step::taken && frame_says_more(rule);
    if (!stack.is_own || ended_by_a_word) walked.may_be_remembered = false;
    if (outcome == Step::taken) continue;
    walked.end = outcome == Step::outermost ? layout::StackEnd::complete : layout::StackEnd::stopped;
    return walked;
  }
}

void put_together(StackMemory& memory, const Walked& walked) noexcept {
  auto depth = walked.kept;
  auto hash = depth == 0 ? 0 : memory.frames[depth - 1].hash;
  for (auto i = walked.fresh; i-- > 0; ++depth) {
    hash = mixed(hash, memory.fresh[i].frame);
    auto& frame = memory.frames[depth] = memory.fresh[i];
    frame.hash = hash;
    frame.depends_on_fp = frame.depends_on_fp || (frame.fp_saved_at == fp_passes_through && depth > 0 &&
                                                  memory.frames[depth - 1].depends_on_fp);
  }
  if (walked.fresh > 0 || depth != memory.depth) memory.site = 0;
  memory.depth = depth;
  memory.end = walked.end;
}

}  // namespace

bool walk(StackMemory& memory, Registers from, RuleCache& rules) noexcept {
  auto stack = readable_stack(memory.own, from.sp);
  auto walked = walk_to_remembered(memory, from, stack, rules);
  if (walked.kept + walked.fresh > layout::max_stack_depth) {
    // Deeper than what is kept: the innermost frames count, all of them fresh.
    memory.depth = 0;
    stack = readable_stack(memory.own, from.sp);
    walked = walk_to_remembered(memory, from, stack, rules);
  }
  put_together(memory, walked);
  return walked.may_be_remembered;
}

}  // namespace soak::probe
