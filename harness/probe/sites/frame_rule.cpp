#include "probe/sites/frame_rule.hpp"

#include <dlfcn.h>
#include <errno.h>
#include <string.h>

#include "probe/counters.hpp"
#include "probe/sites/eh_frame.hpp"
#include "probe/sites/machine.hpp"
#include "probe/sites/modules.hpp"
#include "probe/sites/sites.hpp"
#include "probe/sites/unwinder.hpp"

namespace soak::probe {
namespace {

/// Runs call frame instructions up to an address (DWARF 4, section 6.4.2).
class CfiMachine {
 public:
  CfiMachine(const Fde& fde, std::uint64_t address) noexcept : fde_(fde), target_(address), location_(fde.first) {}

  bool run() noexcept {
    run(fde_.cie.begin, fde_.cie.end);
    initial_ = row_;
    run(fde_.begin, fde_.end);
    return is_understood_;
  }
  [[nodiscard]] const Row& row() const noexcept { return row_; }

 private:
  static constexpr int max_remembered = 8;

  void run(const std::uint8_t* begin, const std::uint8_t* end) noexcept {
    DwarfReader reader(begin, end);
    while (is_understood_ && !reader.is_at_end() && location_ <= target_) {
      const auto opcode = reader.read<std::uint8_t>();
      const auto operand = opcode & 0x3fu;
      switch (opcode >> 6) {
        case 1:
          advance(operand);
          break;
        case 2:
          set(operand, {Where::at_cfa, factored(reader.read_uleb()), nullptr});
          break;
        case 3:
          restore(operand);
          break;
        default:
          run_extended(opcode, reader);
      }
    }
    is_understood_ = is_understood_ && !reader.is_broken();
  }

  void run_extended(std::uint8_t opcode, DwarfReader& reader) noexcept {
    if (opcode == 0x00) return;  // nop
    if (opcode >= 0x0c && opcode <= 0x0f) return define_cfa(opcode, reader);
    switch (opcode) {
      case 0x01:  // set_loc
        location_ = reader.read_encoded(fde_.cie.pointer_encoding, 0);
        return;
      case 0x02:
        return advance(reader.read<std::uint8_t>());
      case 0x03:
        return advance(reader.read<std::uint16_t>());
      case 0x04:
        return advance(reader.read<std::uint32_t>());
      case 0x0a:
        return remember();
      case 0x0b:
        return recall();
      case 0x12:  // def_cfa_sf
        row_.cfa_expression = nullptr;
        row_.cfa_register = reader.read_uleb();
        row_.cfa_offset = reader.read_sleb() * fde_.cie.data_alignment;
        return;
      case 0x13:  // def_cfa_offset_sf
        row_.cfa_offset = reader.read_sleb() * fde_.cie.data_alignment;
        return;
      case 0x2d:  // AARCH64_negate_ra_state: return addresses are always freed of their signature
        return;
      case 0x2e:  // GNU_args_size
        reader.read_uleb();
        return;
      default:
        return run_register_rule(opcode, reader);
    }
  }

  void define_cfa(std::uint8_t opcode, DwarfReader& reader) noexcept {
    if (opcode == 0x0f) {  // def_cfa_expression
      row_.cfa_expression = reader.position();
      reader.skip(reader.read_uleb());
      return;
    }
    if (opcode != 0x0e) row_.cfa_register = reader.read_uleb();
    if (opcode != 0x0d) row_.cfa_offset = static_cast<std::int64_t>(reader.read_uleb());
    row_.cfa_expression = nullptr;
  }

  void run_register_rule(std::uint8_t opcode, DwarfReader& reader) noexcept {
    const auto number = reader.read_uleb();
    switch (opcode) {
      case 0x05:  // offset_extended
        return set(number, {Where::at_cfa, factored(reader.read_uleb()), nullptr});
      case 0x06:
        return restore(number);
      case 0x07:  // undefined
        return set(number, {Where::lost, 0, nullptr});
      case 0x08:  // same_value
        return set(number, {});
      case 0x09:  // register
      case 0x14:  // val_offset
        reader.read_uleb();
        return set(number, {Where::lost, 0, nullptr});
      case 0x15:  // val_offset_sf
        reader.read_sleb();
        return set(number, {Where::lost, 0, nullptr});
      case 0x10:  // expression
        set(number, {Where::expression, 0, reader.position()});
        return reader.skip(reader.read_uleb());
      case 0x16:  // val_expression
        set(number, {Where::lost, 0, nullptr});
        return reader.skip(reader.read_uleb());
      case 0x11:  // offset_extended_sf
        return set(number, {Where::at_cfa, reader.read_sleb() * fde_.cie.data_alignment, nullptr});
      case 0x2f:  // GNU_negative_offset_extended
        return set(number, {Where::at_cfa, -factored(reader.read_uleb()), nullptr});
      default:
        is_understood_ = false;
    }
  }

  [[nodiscard]] std::int64_t factored(std::uint64_t offset) const noexcept {
    return static_cast<std::int64_t>(offset) * fde_.cie.data_alignment;
  }
  void advance(std::uint64_t units) noexcept { location_ += units * fde_.cie.code_alignment; }
  static RegisterRule* rule_of(Row& row, std::uint64_t number, std::uint64_t return_register) noexcept {
    if (number == dwarf_frame_pointer) return &row.frame_pointer;
    return number == return_register ? &row.return_address : nullptr;
  }
  void set(std::uint64_t number, const RegisterRule& rule) noexcept {
    // The stack pointer of the caller is the CFA, by definition; a rule that says otherwise is beyond us.
    if (number == dwarf_stack_pointer && !fde_.cie.is_signal_frame) is_understood_ = false;
    if (auto* const place = rule_of(row_, number, fde_.cie.return_register)) *place = rule;
  }
  void restore(std::uint64_t number) noexcept {
    if (auto* const place = rule_of(row_, number, fde_.cie.return_register))
      *place = *rule_of(initial_, number, fde_.cie.return_register);
  }
  void remember() noexcept {
    if (remembered_count_ == max_remembered)
      is_understood_ = false;
    else
      remembered_[remembered_count_++] = row_;
  }
  void recall() noexcept {
    if (remembered_count_ == 0)
      is_understood_ = false;
    else
      row_ = remembered_[--remembered_count_];
  }

  const Fde& fde_;
  std::uint64_t target_, location_;
  Row row_, initial_;
  Row remembered_[max_remembered];
  int remembered_count_ = 0;
  bool is_understood_ = true;
};

}  // namespace

bool find_row(const Fde& fde, std::uint64_t address, Row& row) noexcept {
  CfiMachine machine(fde, address);
  if (!machine.run()) return false;
  row = machine.row();
  return true;
}

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

namespace {

/// Where no module says so, the code itself does: an emulator's, an older kernel's or a statically linked one's.
bool returns_from_signal(std::uint64_t address) noexcept {
  constexpr auto bytes = sizeof(signal_return_code);
  return is_readable(address, address + bytes) &&
         memcmp(reinterpret_cast<const void*>(address), signal_return_code, bytes) == 0;
}

FrameRule rule_without_module(std::uint64_t return_address) noexcept {
  FrameRule rule;
  if (returns_from_signal(return_address)) rule.cfa = CfaRule::signal_frame;
  return rule;
}

FrameRule rule_in_module(std::uint64_t return_address, RuleCache& rules) noexcept {
  dl_find_object object{};
  // One less: a call that never returns may be a function's last instruction.
  const auto call = return_address - 1;
  if (_dl_find_object(reinterpret_cast<void*>(call), &object) != 0) return rule_without_module(return_address);
  bool is_new_module = false;
  const auto module = attached.region == nullptr ? 0 : module_number(*attached.region, object, is_new_module);
  // It may lie where another was that was closed without our knowing.
  if (is_new_module) forget_code(rules);
  FrameRule rule;
  if (object.dlfo_eh_frame != nullptr) rule = find_frame_rule(object.dlfo_eh_frame, call);
  rule.module = module;
  return rule;
}

}  // namespace

PackedRule find_rule(std::uint64_t return_address, RuleCache& rules) noexcept {
  const int saved_errno = errno;
  const auto rule = pack(rule_in_module(return_address, rules));
  rules.keep(return_address, rule);
  errno = saved_errno;
  return rule;
}

}  // namespace soak::probe
