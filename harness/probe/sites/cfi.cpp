#include "probe/sites/cfi.hpp"

#include "probe/sites/dwarf_reader.hpp"
#include "probe/sites/frame_row.hpp"
#include "probe/sites/machine.hpp"

namespace soak::probe {
namespace {

/// The word at register + offset, or register + offset itself: DW_OP_breg, and DW_OP_deref behind it.
bool is_based_on(const std::uint8_t* expression, std::uint64_t number, bool is_dereferenced,
                 std::int64_t& offset) noexcept {
  DwarfReader length_reader(expression, expression + 10);
  const auto bytes = length_reader.read_uleb();
  if (bytes > 32) return false;
  DwarfReader reader(length_reader.position(), length_reader.position() + bytes);
  if (reader.read<std::uint8_t>() != 0x70 + number) return false;
  offset = reader.read_sleb();
  if (is_dereferenced && reader.read<std::uint8_t>() != 0x06) return false;
  return !reader.is_broken() && reader.is_at_end();
}

/// What linkers write for .plt: sp + 8 + ((pc & 15) >= N) * 8. N differs between kinds of stubs.
bool is_linkage_stub(const std::uint8_t* expression, std::int64_t& first_byte_after_push) noexcept {
  constexpr std::uint8_t begin[] = {11, 0x77, 8, 0x80, 0, 0x3f, 0x1a}, end[] = {0x2a, 0x33, 0x24, 0x22};
  const auto literal = expression[sizeof(begin)];
  first_byte_after_push = (literal - 0x30) * 8;
  return memcmp(expression, begin, sizeof(begin)) == 0 && literal >= 0x30 && literal <= 0x3f &&
         memcmp(expression + sizeof(begin) + 1, end, sizeof(end)) == 0;
}

void set_cfa(const Row& row, FrameRule& rule) noexcept {
  rule.cfa_offset = row.cfa_offset;
  if (row.cfa_expression == nullptr) {
    if (row.cfa_register == dwarf_stack_pointer) rule.cfa = CfaRule::stack_pointer;
    if (row.cfa_register == dwarf_frame_pointer) rule.cfa = CfaRule::frame_pointer;
  } else if (is_based_on(row.cfa_expression, dwarf_frame_pointer, true, rule.cfa_offset)) {
    rule.cfa = CfaRule::through_frame_pointer;
  } else if (call_pushes_return_address && is_linkage_stub(row.cfa_expression, rule.cfa_offset)) {
    rule.cfa = CfaRule::linkage_stub;
  }
}

void set_frame_pointer(const RegisterRule& saved, FrameRule& rule) noexcept {
  rule.fp = FpRule::lost;
  if (saved.where == Where::unchanged) rule.fp = FpRule::unchanged;
  if (saved.where == Where::at_cfa) rule.fp = FpRule::at_cfa;
  rule.fp_offset = saved.where == Where::at_cfa ? saved.offset : 0;
  if (saved.where == Where::expression && is_based_on(saved.expression, dwarf_frame_pointer, false, rule.fp_offset))
    rule.fp = FpRule::at_frame_pointer;
}

FrameRule to_rule(const Row& row) noexcept {
  FrameRule rule;
  if (row.return_address.where == Where::lost) {
    rule.cfa = CfaRule::outermost;
    return rule;
  }
  if (row.return_address.where != Where::at_cfa) return rule;
  rule.return_address_offset = row.return_address.offset;
  set_frame_pointer(row.frame_pointer, rule);
  set_cfa(row, rule);
  return rule;
}

}  // namespace

FrameRule find_frame_rule(const void* eh_frame_header, std::uint64_t address) noexcept {
  Fde fde;
  if (!find_fde(eh_frame_header, address, fde)) return {};
  if (fde.cie.is_signal_frame) {
    FrameRule rule;
    rule.cfa = CfaRule::signal_frame;
    return rule;
  }
  Row row;
  return find_row(fde, address, row) ? to_rule(row) : FrameRule{};
}

}  // namespace soak::probe
