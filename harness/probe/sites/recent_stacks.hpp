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
  static constexpr std::uint32_t word_capacity = 29;
  struct Word {
    std::uint64_t address, value;
  };

  std::uint64_t key = 0;  ///< The caller's address, salted; 0: nothing is kept.
  std::uint64_t sp = 0, fp = 0, fp_mask = 0;
  std::uint32_t site = 0, word_count = 0;
  Word words[word_capacity];
};
static_assert(sizeof(RecentStack) == 512);

/// Zero-initialised memory is valid, and takes pages as it is used. For one thread alone.
class RecentStacks {
 public:
  /// The site of the stack that `at` is on; 0 where it is not among those kept. It is loaded first: a signal handler
  /// that keeps another stack in its place meanwhile changes the words, but not the answer.
  [[nodiscard]] std::uint32_t find(const Registers& at) const noexcept {
    const auto& stack = stacks_[index(at)];
    const auto site = stack.site;
    if (stack.key != (at.pc ^ salt_) || stack.sp != at.sp || ((stack.fp ^ at.fp) & stack.fp_mask) != 0) return 0;
    for (const auto *word = stack.words, *end = word + stack.word_count; word != end; ++word)
      if (word_at(word->address) != word->value) return 0;
    return site;
  }

  /// Keeps the stack that was walked from `at`, unless it takes more words than there is room for.
  void keep(const StackMemory& walked, const Registers& at, std::uint32_t site) noexcept {
    auto& stack = stacks_[index(at)];
    stack.key = 0;
    stack.word_count = 0;
    const bool has_room = for_each_word(walked, walked.depth, [&stack](std::uint64_t address, std::uint64_t) {
      if (stack.word_count == RecentStack::word_capacity) return false;
      stack.words[stack.word_count++] = {address, word_at(address)};
      return true;
    });
    if (!has_room) return;
    stack.sp = at.sp;
    stack.fp = at.fp;
    stack.fp_mask = walked.frames[walked.depth - 1].depends_on_fp ? ~std::uint64_t{0} : 0;
    stack.site = site;
    stack.key = at.pc ^ salt_;
  }

  void forget_all() noexcept {
    salt_ += std::uint64_t{1} << frame_address_bits;
    if (salt_ == 0)  // Come round: what was kept under the same salt long ago must not be found again.
      for (auto& stack : stacks_) stack.key = 0;
  }

 private:
  static constexpr unsigned index_bits = 9;

  static std::size_t index(const Registers& at) noexcept {
    return (at.pc ^ at.sp << 7) * 0x9e3779b97f4a7c15u >> (64 - index_bits);
  }

  std::uint64_t salt_ = 0;  ///< In the bits that no address has; changes whenever all is forgotten.
  RecentStack stacks_[std::size_t{1} << index_bits];
};

}  // namespace soak::probe
