// CRC-32 (ISO 3309, as in gzip), fed bit by bit, and as text of eight hexadecimal digits.
#pragma once

#include <boost/crc.hpp>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace downloads {

class Crc32 {
 public:
  void add(std::span<const char> bytes) { crc_.process_bytes(bytes.data(), bytes.size()); }
  void reset() { crc_.reset(); }
  /// Of all that was added since the last reset().
  [[nodiscard]] std::uint32_t value() const { return static_cast<std::uint32_t>(crc_.checksum()); }

 private:
  boost::crc_32_type crc_;
};

[[nodiscard]] std::string format_crc32(std::uint32_t crc32);
/// Exactly eight digits, of either case; empty for anything else.
[[nodiscard]] std::optional<std::uint32_t> parse_crc32(std::string_view text);

}  // namespace downloads
