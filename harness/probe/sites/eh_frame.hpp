// Entries of .eh_frame, as they lie in memory.
#pragma once

#include <cstdint>

namespace soak::probe {

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

/// Of the function that `address` is in, by the table that linkers put in front (.eh_frame_hdr). False where there is
/// none, or it has what is not understood.
bool find_fde(const void* header, std::uint64_t address, Fde& fde) noexcept;

}  // namespace soak::probe
