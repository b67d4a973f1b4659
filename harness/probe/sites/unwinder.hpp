// Which part of a stack may be read.
//
// Between the stack pointer and the top of the thread's own stack, all is mapped. But the stack pointer may be on
// another stack: a fiber's, a signal handler's. So the lower end of the own stack is what the kernel has confirmed,
// page by page, once; and on any other stack every page is asked for before it is read.
#pragma once

#include <cstdint>

#include "probe/sites/frame_rule.hpp"
#include "probe/sites/machine.hpp"
#include "region/layout/site_layout.hpp"

namespace soak::probe {

/// True where a word of each page in [begin, end) can be read; asks the kernel. False as well where it does not
/// answer.
[[nodiscard]] bool is_readable(std::uint64_t begin, std::uint64_t end) noexcept;

/// The calling thread's own stack, as far as it is known to be one piece: [low, high).
struct OwnStack {
  std::uint64_t low = 0, high = 0;
  std::uint64_t refused = 0;  ///< At and below this address the kernel did not confirm.

  [[nodiscard]] bool has(std::uint64_t address) const noexcept { return address - low < high - low; }
  /// Takes in the stretch from `sp` to what is known already, if it is the same stack.
  bool extend_down(std::uint64_t sp) noexcept;
};
/// Where the calling thread's stack ends; nothing of it is confirmed yet.
[[nodiscard]] OwnStack own_stack() noexcept;

/// The part that one walk may read.
struct ReadableStack {
  std::uint64_t low = 0, high = 0;
  bool is_own = false;

  /// A word at `address` may be read.
  [[nodiscard]] bool has(std::uint64_t address) noexcept {
    return address >= low && (address + 8 <= high || extend_up(address)) && address % 8 == 0;
  }

 private:
  bool extend_up(std::uint64_t address) noexcept;
};
[[nodiscard]] ReadableStack readable_stack(OwnStack& own, std::uint64_t sp) noexcept;

// Walks a thread's stack, and remembers the last one: most of the next stack is the same.
//
// The remembered stack is kept outermost frame first, each with the hash of the chain up to it. A walk goes on only
// until it comes to a remembered frame in the same state (return address, stack and frame pointer); if the return
// addresses further out still stand where they stood, the rest of the stack is the remembered one.

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

// The stacks that a thread allocated at lately, each with its site.
//
// A walk is a function of the registers that it begins with and of the words that it reads. So a stack is kept with
// both: where all are what they were, the walk would end where it ended, and need not be done. That is a few loads
// and compares for an allocation in a loop, in whatever order a few hundred such stacks follow one another.

/// Half a kilobyte, of which a stack of the usual depth touches half.
struct alignas(64) RecentStack {
  static constexpr std::uint32_t word_capacity = 28;
  struct Word {
    std::uint64_t address, value;
    [[nodiscard]] bool stands() const noexcept { return word_at(address) == value; }
  };

  std::uint64_t key = 0;  ///< The caller's address, salted; 0: nothing is kept.
  std::uint64_t sp = 0, fp = 0;
  std::uint32_t site = 0;
  std::uint32_t word_count = 0;
  bool depends_on_fp = false;
  Word words[word_capacity];

  void add(std::uint64_t address, std::uint64_t value) noexcept { words[word_count++] = {address, value}; }
  [[nodiscard]] bool stands(const Registers& at) const noexcept {
    if (sp != at.sp || (!saves_fp_below_cfa && depends_on_fp && fp != at.fp)) return false;
    const auto* word = words;
    for (const auto* const end = words + word_count / 4 * 4; word != end; word += 4)
      if (!word[0].stands() || !word[1].stands() || !word[2].stands() || !word[3].stands()) return false;
    if ((word_count & 2) != 0) {
      if (!word[0].stands() || !word[1].stands()) return false;
      word += 2;
    }
    return (word_count & 1) == 0 || word->stands();
  }
};
static_assert(sizeof(RecentStack) == 512);

/// For one thread alone. Takes pages as it is used.
class RecentStacks {
 public:
  /// Zero-initialised memory becomes an empty table; a second time nothing happens.
  void begin() noexcept {
    if (sets_[0][0] != nullptr) return;
    for (std::size_t i = 0; i < set_count * ways; ++i) sets_[i / ways][i % ways] = &stacks_[i];
  }

  /// The site of the stack that `at` is on, if that was the last of its set; else 0.
  [[nodiscard, gnu::always_inline]] std::uint32_t find_first(const Registers& at) const noexcept {
    return site_if(*sets_[index(at)][0], at);
  }
  /// The same, for all of its set, of which it is the last from then on.
  [[nodiscard]] std::uint32_t find(const Registers& at) noexcept {
    auto& set = sets_[index(at)];
    for (auto& way : set)
      if (const auto site = site_if(*way, at)) {
        // A signal handler in between may see one stack twice, which does no harm.
        auto* const found = way;
        way = set[0];
        set[0] = found;
        return site;
      }
    return 0;
  }

  /// Keeps the stack that was walked from `at`, in place of another, unless it takes more words than there is room
  /// for. Of what lies at `unchanging` and above nothing need be looked at again.
  void keep(const StackMemory& walked, const Registers& at, std::uint32_t site, std::uint64_t unchanging) noexcept {
    auto& stack = *sets_[index(at)][turn_++ % ways];
    stack.key = 0;
    stack.word_count = 0;
    stack.depends_on_fp = walked.frames[walked.depth - 1].depends_on_fp;
    if (saves_fp_below_cfa && stack.depends_on_fp) stack.add(at.sp - saved_fp_below_cfa, at.fp);
    const bool has_room =
        for_each_word(walked, walked.depth, [&stack, unchanging](std::uint64_t address, std::uint64_t) {
          if (address >= unchanging) return true;
          if (stack.word_count == RecentStack::word_capacity) return false;
          stack.add(address, word_at(address));
          return true;
        });
    if (!has_room) return;
    stack.sp = at.sp;
    stack.fp = at.fp;
    stack.site = site;
    stack.key = at.pc ^ salt_;
  }

  void forget_all() noexcept {
    salt_ += std::uint64_t{1} << layout::frame_address_bits;
    // Come round: what was kept under the same salt long ago must not be found again.
    if (salt_ == 0)
      for (auto& stack : stacks_) stack.key = 0;
  }

 private:
  /// The innermost frames of many stacks are the same: a string that grows, in whatever function.
  static constexpr std::size_t ways = 4, set_count = 128;

  static std::size_t index(const Registers& at) noexcept { return (at.pc ^ at.sp >> 4) % set_count; }

  /// It is loaded first: a signal handler that keeps another stack in its place meanwhile changes the words, but not
  /// the answer.
  [[gnu::always_inline]] std::uint32_t site_if(const RecentStack& stack, const Registers& at) const noexcept {
    const auto site = stack.site;
    return stack.key == (at.pc ^ salt_) && stack.stands(at) ? site : 0;
  }

  std::uint64_t salt_ = 0;  ///< In the bits that no address has; changes whenever all is forgotten.
  std::uint64_t turn_ = 0;
  RecentStack* sets_[set_count][ways];
  RecentStack stacks_[set_count * ways];
};

}  // namespace soak::probe
