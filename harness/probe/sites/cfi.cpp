#include "probe/sites/cfi.hpp"

#include "probe/sites/dwarf_reader.hpp"
#include "probe/sites/machine.hpp"

namespace soak::probe {
namespace {

/// Longer than any section; the lengths inside say where things end.
constexpr std::uint64_t far = 1u << 30;
constexpr std::uint8_t omitted = 0xff;

DwarfReader reader_at(std::uint64_t address, std::uint64_t bytes = far) noexcept {
  const auto* const begin = reinterpret_cast<const std::uint8_t*>(address);
  return {begin, begin + bytes};
}

/// A common information entry: what many functions share.
struct Cie {
  std::uint64_t code_alignment = 1;
  std::int64_t data_alignment = 1;
  std::uint64_t return_register = 0;
  std::uint8_t pointer_encoding = 0;
  bool is_signal_frame = false;
  bool has_augmentation_data = false;
  const std::uint8_t* begin = nullptr;  ///< Of its instructions.
  const std::uint8_t* end = nullptr;
};

/// A frame description entry: one function, or the hot or cold part of one.
struct Fde {
  Cie cie;
  std::uint64_t first = 0, last = 0;  ///< Addresses [first, last)
  const std::uint8_t* begin = nullptr;
  const std::uint8_t* end = nullptr;
};

/// The bytes of an entry after its length; a reader at its end where there are none.
DwarfReader entry_at(std::uint64_t address) noexcept {
  auto head = reader_at(address);
  std::uint64_t bytes = head.read<std::uint32_t>();
  if (bytes == 0xffffffff) bytes = head.read<std::uint64_t>();
  return reader_at(reinterpret_cast<std::uint64_t>(head.position()), bytes < far ? bytes : 0);
}
const std::uint8_t* entry_end(std::uint64_t address) noexcept {
  auto head = reader_at(address);
  std::uint64_t bytes = head.read<std::uint32_t>();
  if (bytes == 0xffffffff) bytes = head.read<std::uint64_t>();
  return head.position() + (bytes < far ? bytes : 0);
}

/// Letters this code does not know make the rest unreadable.
bool read_augmentation(DwarfReader& reader, const char* letters, Cie& cie) noexcept {
  if (*letters == '\0') return true;
  if (*letters != 'z') return false;
  cie.has_augmentation_data = true;
  const auto bytes = reader.read_uleb();
  const auto* const after = reader.position() + bytes;
  for (const char* letter = letters + 1; *letter != '\0'; ++letter) {
    if (*letter == 'R') {
      cie.pointer_encoding = reader.read<std::uint8_t>();
    } else if (*letter == 'P') {
      reader.read_encoded(reader.read<std::uint8_t>() & 0x0f, 0);
    } else if (*letter == 'L') {
      reader.read<std::uint8_t>();
    } else if (*letter == 'S') {
      cie.is_signal_frame = true;
    } else if (*letter != 'B') {  // B: the return address may be signed, with the second key
      return false;
    }
  }
  reader.skip(static_cast<std::uint64_t>(after - reader.position()));
  return !reader.is_broken();
}

bool read_cie(std::uint64_t address, Cie& cie) noexcept {
  auto reader = entry_at(address);
  if (reader.read<std::uint32_t>() != 0) return false;
  const auto version = reader.read<std::uint8_t>();
  if (version != 1 && version != 3) return false;
  const auto* const letters = reinterpret_cast<const char*>(reader.position());
  while (!reader.is_broken() && reader.read<char>() != '\0') {
  }
  cie.code_alignment = reader.read_uleb();
  cie.data_alignment = reader.read_sleb();
  cie.return_register = version == 1 ? reader.read<std::uint8_t>() : reader.read_uleb();
  if (reader.is_broken() || !read_augmentation(reader, letters, cie)) return false;
  cie.begin = reader.position();
  cie.end = entry_end(address);
  return true;
}

bool read_fde(std::uint64_t address, Fde& fde) noexcept {
  auto reader = entry_at(address);
  const auto cie_field = reinterpret_cast<std::uint64_t>(reader.position());
  const auto distance = reader.read<std::uint32_t>();
  if (distance == 0 || !read_cie(cie_field - distance, fde.cie)) return false;
  fde.first = reader.read_encoded(fde.cie.pointer_encoding, 0);
  fde.last = fde.first + reader.read_encoded(fde.cie.pointer_encoding & 0x0f, 0);
  if (fde.cie.has_augmentation_data) reader.skip(reader.read_uleb());
  fde.begin = reader.position();
  fde.end = entry_end(address);
  return !reader.is_broken();
}

/// One row of the header's table, as every linker writes it: sorted, relative to the header.
struct HeaderRow {
  std::int32_t first, fde;
};

/// The address of the last entry that begins at or before `address`; 0 where there is none.
std::uint64_t find_fde(std::uint64_t header, std::uint64_t address) noexcept {
  auto reader = reader_at(header);
  const auto version = reader.read<std::uint8_t>();
  const auto frame_encoding = reader.read<std::uint8_t>();
  const auto count_encoding = reader.read<std::uint8_t>();
  const auto table_encoding = reader.read<std::uint8_t>();
  if (version != 1 || table_encoding != 0x3b || count_encoding == omitted || frame_encoding == omitted) return 0;
  reader.read_encoded(frame_encoding, header);
  const auto count = reader.read_encoded(count_encoding, header);
  const auto* const rows = reinterpret_cast<const HeaderRow*>(reader.position());
  std::uint64_t below = 0, above = count;
  while (below < above) {
    const auto middle = below + (above - below) / 2;
    if (header + static_cast<std::uint64_t>(std::int64_t{rows[middle].first}) <= address)
      below = middle + 1;
    else
      above = middle;
  }
  return below == 0 ? 0 : header + static_cast<std::uint64_t>(std::int64_t{rows[below - 1].fde});
}

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
  const auto fde_address = find_fde(reinterpret_cast<std::uint64_t>(eh_frame_header), address);
  Fde fde;
  if (fde_address == 0 || !read_fde(fde_address, fde) || address < fde.first || address >= fde.last) return {};
  if (fde.cie.is_signal_frame) {
    FrameRule rule;
    rule.cfa = CfaRule::signal_frame;
    return rule;
  }
  CfiMachine machine(fde, address);
  return machine.run() ? to_rule(machine.row()) : FrameRule{};
}

}  // namespace soak::probe
