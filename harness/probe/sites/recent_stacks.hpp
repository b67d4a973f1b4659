// The stacks that a thread allocated at lately, each with its site.
//
// A walk is a function of the registers that it begins with and of the words that it reads. So a stack is kept with
// both: where all are what they were, the walk would end where it ended, and need not be done. That is a few loads
// and compares for an allocation in a loop, in whatever order a few hundred such stacks follow one another.
#pragma once

#include "probe/sites/unwinder.hpp"

namespace soak::probe {

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
