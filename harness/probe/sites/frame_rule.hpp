// How to get from one frame to its caller's, in one 64-bit word: the rules of .eh_frame for one address, as far as
// walking a stack needs them.
#pragma once

#include <atomic>
#include <cstdint>

#include "probe/sites/eh_frame.hpp"

namespace soak::probe {

/// Where the canonical frame address is: the stack pointer as it was before the call.
enum class CfaRule : std::uint32_t {
  stop,                   ///< No rule, or one that is not understood.
  outermost,              ///< The thread began here.
  stack_pointer,          ///< sp + cfa_offset
  frame_pointer,          ///< fp + cfa_offset
  through_frame_pointer,  ///< The word at fp + cfa_offset: functions that align their stack.
  linkage_stub,           ///< sp + 8, and 8 more from byte cfa_offset of the 16-byte stub on
  signal_frame,           ///< The kernel saved all registers at sp.
};
/// Where the caller's frame pointer is.
enum class FpRule : std::uint32_t { unchanged, at_cfa, at_frame_pointer, lost };

struct FrameRule {
  CfaRule cfa = CfaRule::stop;
  FpRule fp = FpRule::unchanged;
  std::int64_t cfa_offset = 0;
  std::int64_t fp_offset = 0;              ///< From the CFA, or from the frame pointer; where it was saved.
  std::int64_t return_address_offset = 0;  ///< From the CFA.
  std::uint32_t module = 0;
};

/// A FrameRule in a word; never 0.
using PackedRule = std::uint64_t;

namespace packed {
inline constexpr int fp_shift = 3, cfa_offset_shift = 5, fp_offset_shift = 25, return_shift = 41, module_shift = 53;
inline constexpr int cfa_offset_bits = 20, fp_offset_bits = 16, return_bits = 12, module_bits = 10;
inline constexpr PackedRule valid = PackedRule{1} << 63;

/// The field as a signed number of bytes; it is kept in words of 8.
inline std::int64_t signed_field(PackedRule rule, int shift, int bits) noexcept {
  return (static_cast<std::int64_t>(rule << (64 - shift - bits)) >> (64 - bits)) * 8;
}
inline bool fits(std::int64_t offset, int bits) noexcept {
  const auto words = offset / 8;
  return offset % 8 == 0 && words < (std::int64_t{1} << (bits - 1)) && words >= -(std::int64_t{1} << (bits - 1));
}
inline PackedRule field(std::int64_t offset, int shift, int bits) noexcept {
  return (static_cast<PackedRule>(offset / 8) & ((PackedRule{1} << bits) - 1)) << shift;
}
}  // namespace packed

inline CfaRule cfa_rule(PackedRule rule) noexcept { return static_cast<CfaRule>(rule & 7); }
inline FpRule fp_rule(PackedRule rule) noexcept { return static_cast<FpRule>(rule >> packed::fp_shift & 3); }
inline std::int64_t cfa_offset(PackedRule rule) noexcept {
  return packed::signed_field(rule, packed::cfa_offset_shift, packed::cfa_offset_bits);
}
inline std::int64_t fp_offset(PackedRule rule) noexcept {
  return packed::signed_field(rule, packed::fp_offset_shift, packed::fp_offset_bits);
}
/// Kept as its distance from where the frame pointer is: they are saved side by side, in a large frame far from the
/// CFA where a processor's call does not itself store the one.
inline std::int64_t return_address_offset(PackedRule rule) noexcept {
  const auto distance = packed::signed_field(rule, packed::return_shift, packed::return_bits);
  return fp_rule(rule) == FpRule::at_frame_pointer ? distance : fp_offset(rule) + distance;
}
inline std::uint64_t module_of(PackedRule rule) noexcept {
  return rule >> packed::module_shift & ((1u << packed::module_bits) - 1);
}

/// An offset beyond what fits makes a rule that stops.
inline PackedRule pack(FrameRule rule) noexcept {
  using namespace packed;
  if (rule.fp == FpRule::unchanged || rule.fp == FpRule::lost) rule.fp_offset = rule.return_address_offset;
  if (rule.fp != FpRule::at_frame_pointer) rule.return_address_offset -= rule.fp_offset;
  const auto module = static_cast<PackedRule>(rule.module) << module_shift;
  if (!fits(rule.cfa_offset, cfa_offset_bits) || !fits(rule.fp_offset, fp_offset_bits) ||
      !fits(rule.return_address_offset, return_bits))
    return valid | module;
  return valid | module | static_cast<PackedRule>(rule.cfa) | static_cast<PackedRule>(rule.fp) << fp_shift |
         field(rule.cfa_offset, cfa_offset_shift, cfa_offset_bits) |
         field(rule.fp_offset, fp_offset_shift, fp_offset_bits) |
         field(rule.return_address_offset, return_shift, return_bits);
}

// Unwinding rules by return address, found once and shared by all threads.

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

// Where registers are at one address, as call frame instructions say it.

enum class Where : std::uint8_t { unchanged, at_cfa, expression, lost };
struct RegisterRule {
  Where where = Where::unchanged;
  std::int64_t offset = 0;
  const std::uint8_t* expression = nullptr;
};

/// The rules at one address.
struct Row {
  std::uint64_t cfa_register = 0;
  std::int64_t cfa_offset = 0;
  const std::uint8_t* cfa_expression = nullptr;  ///< Its length comes first.
  RegisterRule frame_pointer, return_address;
};

/// Runs an entry's instructions up to an address in it. False where one is not understood.
bool find_row(const Fde& fde, std::uint64_t address, Row& row) noexcept;

// The unwinding rule for an address, read from a module's .eh_frame.

/// The rule that holds at `address`, an instruction's, not a return address. `eh_frame_header` is the module's
/// PT_GNU_EH_FRAME segment in memory. Stops (CfaRule::stop) where there is no rule or one that is not understood: a
/// wrong frame would be worse than none. Does not allocate; signal handlers may call it.
[[nodiscard]] FrameRule find_frame_rule(const void* eh_frame_header, std::uint64_t address) noexcept;

// The slow way to a rule: the dynamic linker knows the module, its .eh_frame the rule.

/// The rule for the caller whose return address this is; kept in the cache. Never 0.
PackedRule find_rule(std::uint64_t return_address, RuleCache& rules) noexcept;

}  // namespace soak::probe
