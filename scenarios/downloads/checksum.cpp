#include <fmt/format.h>

#include <charconv>
#include <downloads/checksum.hpp>

namespace downloads {

std::string format_crc32(std::uint32_t crc32) { return fmt::format("{:08x}", crc32); }

std::optional<std::uint32_t> parse_crc32(std::string_view text) {
  constexpr std::size_t digits = 8;
  std::uint32_t crc32 = 0;
  const auto* end = text.data() + text.size();
  const auto [parsed_end, error] = std::from_chars(text.data(), end, crc32, 16);
  if (text.size() != digits || error != std::errc() || parsed_end != end) return std::nullopt;
  return crc32;
}

}  // namespace downloads
