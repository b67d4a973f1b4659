// How to get from one frame to its caller's, in one 64-bit word: the rules of .eh_frame for one address, as far as
// walking a stack needs them.
#pragma once

#include <cstdint>

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

}  // namespace soak::probe
