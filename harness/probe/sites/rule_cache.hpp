// Unwinding rules by return address, found once and shared by all threads.
#pragma once

#include <atomic>

#include "probe/sites/frame_rule.hpp"

namespace soak::probe {

/// A direct-mapped table without locks. An entry is two words, either of which may be another writer's at any moment:
/// the first is address ^ rule, so that words that do not belong together never look like a hit.
class RuleCache {
 public:
  static constexpr unsigned index_bits = 16;

  /// 0 where it is not there.
  [[nodiscard]] PackedRule find(std::uint64_t address) const noexcept {
    const auto& entry = entries_[index(address)];
    const auto rule = entry.rule.load(std::memory_order_relaxed);
    return (entry.check.load(std::memory_order_relaxed) ^ rule) == address ? rule : 0;
  }
  void keep(std::uint64_t address, PackedRule rule) noexcept {
    auto& entry = entries_[index(address)];
    entry.rule.store(rule, std::memory_order_relaxed);
    entry.check.store(address ^ rule, std::memory_order_relaxed);
  }
  /// Code was unmapped: its addresses may become another's.
  void forget_all() noexcept {
    for (auto& entry : entries_) {
      entry.rule.store(0, std::memory_order_relaxed);
      entry.check.store(0, std::memory_order_relaxed);
    }
  }

 private:
  struct Entry {
    std::atomic<std::uint64_t> check, rule;
  };
  static std::size_t index(std::uint64_t address) noexcept {
    return address * 0x9e3779b97f4a7c15u >> (64 - index_bits);
  }
  Entry entries_[std::size_t{1} << index_bits];
};

}  // namespace soak::probe
