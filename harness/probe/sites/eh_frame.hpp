// Entries of .eh_frame, as they lie in memory.
#pragma once

#include <cstdint>
#include <cstring>

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

// Reads the numbers that .eh_frame is made of (Linux Standard Base, "DWARF extensions"; DWARF 4, section 7.6).

/// Reads forward and never beyond its end: what is missing reads as 0, and `is_broken` is set.
class DwarfReader {
 public:
  DwarfReader(const std::uint8_t* begin, const std::uint8_t* end) noexcept : at_(begin), end_(end) {}

  [[nodiscard]] const std::uint8_t* position() const noexcept { return at_; }
  [[nodiscard]] bool is_at_end() const noexcept { return at_ >= end_; }
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }

  template <typename Number>
  Number read() noexcept {
    Number value{};
    if (static_cast<std::uint64_t>(end_ - at_) < sizeof(Number)) return fail(), Number{};
    memcpy(&value, at_, sizeof(Number));
    at_ += sizeof(Number);
    return value;
  }
  std::uint64_t read_uleb() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = read<std::uint8_t>();
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      if ((byte & 0x80) == 0) return value;
    }
  }
  std::int64_t read_sleb() noexcept {
    std::uint64_t value = 0;
    for (unsigned shift = 0;;) {
      const auto byte = read<std::uint8_t>();
      if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7f) << shift;
      shift += 7;
      if ((byte & 0x80) != 0) continue;
      if (shift < 64 && (byte & 0x40) != 0) value |= ~std::uint64_t{0} << shift;
      return static_cast<std::int64_t>(value);
    }
  }
  /// DW_EH_PE: how the number is kept (low half) and what it is relative to (high half).
  std::uint64_t read_encoded(std::uint8_t encoding, std::uint64_t data_base) noexcept {
    const auto here = reinterpret_cast<std::uint64_t>(at_);
    const auto value = read_format(encoding & 0x0f);
    switch (encoding & 0xf0) {
      case 0x00:
        return value;
      case 0x10:
        return value + here;
      case 0x30:
        return value + data_base;
      default:
        return fail();
    }
  }
  void skip(std::uint64_t bytes) noexcept {
    if (bytes > static_cast<std::uint64_t>(end_ - at_)) {
      fail();
      return;
    }
    at_ += bytes;
  }

 private:
  std::uint64_t fail() noexcept {
    is_broken_ = true;
    at_ = end_;
    return 0;
  }
  std::uint64_t read_format(int format) noexcept {
    switch (format) {
      case 0x00:
      case 0x04:
      case 0x0c:
        return read<std::uint64_t>();
      case 0x01:
        return read_uleb();
      case 0x02:
        return read<std::uint16_t>();
      case 0x03:
        return read<std::uint32_t>();
      case 0x09:
        return static_cast<std::uint64_t>(read_sleb());
      case 0x0a:
        return static_cast<std::uint64_t>(std::int64_t{read<std::int16_t>()});
      case 0x0b:
        return static_cast<std::uint64_t>(std::int64_t{read<std::int32_t>()});
      default:
        return fail();
    }
  }

  const std::uint8_t* at_;
  const std::uint8_t* end_;
  bool is_broken_ = false;
};

}  // namespace soak::probe
