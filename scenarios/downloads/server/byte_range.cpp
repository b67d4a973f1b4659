#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <downloads/server/byte_range.hpp>
#include <optional>

namespace media {
namespace {

/// Empty for anything but digits, and for numbers beyond 64 bits.
std::optional<std::uint64_t> parse_number(std::string_view digits) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  return number;
}

ByteRange last_bytes(std::uint64_t count, std::uint64_t size_bytes) {
  if (count == 0 || size_bytes == 0) return {ByteRange::Kind::unsatisfiable, 0, 0};
  const auto length = std::min(count, size_bytes);
  return {ByteRange::Kind::part, size_bytes - length, length};
}

ByteRange from_to(std::uint64_t first, std::uint64_t last, std::uint64_t size_bytes) {
  if (first >= size_bytes) return {ByteRange::Kind::unsatisfiable, 0, 0};
  return {ByteRange::Kind::part, first, std::min(last, size_bytes - 1) - first + 1};
}

}  // namespace

ByteRange choose_byte_range(std::string_view header, std::uint64_t size_bytes) {
  const ByteRange whole{ByteRange::Kind::whole, 0, size_bytes};
  constexpr std::string_view unit = "bytes=";
  if (!header.starts_with(unit)) return whole;
  header.remove_prefix(unit.size());
  const auto dash = header.find('-');
  if (dash == std::string_view::npos) return whole;

  const auto first = parse_number(header.substr(0, dash));
  const auto last = parse_number(header.substr(dash + 1));
  const bool open_end = dash + 1 == header.size();
  if (dash == 0) return last ? last_bytes(*last, size_bytes) : whole;
  if (!first || (!last && !open_end) || (last && *last < *first)) return whole;
  return from_to(*first, last.value_or(UINT64_MAX), size_bytes);
}

std::string content_range(const ByteRange& range, std::uint64_t size_bytes) {
  if (range.kind == ByteRange::Kind::unsatisfiable) return fmt::format("bytes */{}", size_bytes);
  return fmt::format("bytes {}-{}/{}", range.first, range.first + range.length - 1, size_bytes);
}

}  // namespace media
