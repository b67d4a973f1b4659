// Where registers are at one address, as call frame instructions say it.
#pragma once

#include "probe/sites/eh_frame.hpp"

namespace soak::probe {

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

}  // namespace soak::probe
