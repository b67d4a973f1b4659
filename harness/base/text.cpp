#include "base/text.hpp"

#include <fmt/format.h>

#include "base/printable.hpp"

namespace soak {
namespace {

constexpr std::size_t longest_text = 2000;
constexpr std::u32string_view gap = U"..";

/// What a terminal would obey, and the two that no XML may hold.
bool is_unfit(char32_t character) { return is_control(character) || character == 0xFFFE || character == 0xFFFF; }

std::string escaped(std::u32string_view characters) {
  std::string line;
  for (const char32_t character : characters)
    line += is_unfit(character) ? fmt::format("\\u{:04X}", static_cast<std::uint32_t>(character))
                                : encode_utf8({&character, 1});
  return line;
}

std::string padding(std::string_view text, std::size_t columns) {
  const auto taken = columns_of(text);
  return std::string(columns > taken ? columns - taken : 0, ' ');
}

}  // namespace

std::string harmless(std::string_view text) {
  const auto characters = decode_utf8(text.substr(0, 4 * longest_text));
  const auto line = escaped(std::u32string_view(characters).substr(0, longest_text));
  return characters.size() > longest_text ? line + "..." : line;
}

std::string harmless_whole(std::string_view text) { return escaped(decode_utf8(text)); }

std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (const char32_t character : decode_utf8(text)) columns += terminal_columns(character);
  return columns;
}

std::string shortened(std::string_view text, std::size_t columns) {
  if (columns_of(text) <= columns) return std::string(text);
  const auto characters = decode_utf8(text);
  const auto left_columns = (columns - gap.size()) / 2;
  std::size_t head = 0, tail = characters.size(), used = 0;
  const auto take = [&](char32_t character, std::size_t most) {
    const auto width = terminal_columns(character);
    if (used + width > most) return false;
    used += width;
    return true;
  };
  while (take(characters[head], left_columns)) ++head;
  while (take(characters[tail - 1], columns - gap.size())) --tail;
  return encode_utf8(characters.substr(0, head) + std::u32string(gap) + characters.substr(tail));
}

std::string left_aligned(std::string_view text, std::size_t columns) {
  return std::string(text) + padding(text, columns);
}

std::string right_aligned(std::string_view text, std::size_t columns) {
  return padding(text, columns) + std::string(text);
}

}  // namespace soak
