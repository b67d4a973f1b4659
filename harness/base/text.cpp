#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <iterator>

namespace soak {
namespace {

namespace utf = boost::locale::utf;
using Utf8 = utf::utf_traits<char>;

constexpr char32_t replacement = 0xFFFD;
constexpr std::u32string_view gap = U"..";

bool is_valid(utf::code_point character) { return character != utf::illegal && character != utf::incomplete; }

bool is_combining(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0x200B && c <= 0x200D) || (c >= 0xFE00 && c <= 0xFE0F);
}

/// Controls, and the two characters that XML may not hold.
bool is_unfit(char32_t character) { return is_control(character) || character == 0xFFFE || character == 0xFFFF; }

/// The start of a text that surely holds so many characters and one more, if the text has them.
std::string_view start_of(std::string_view text, std::size_t characters) {
  constexpr std::size_t most_bytes = 4;  // of one character
  return characters < text.size() / most_bytes ? text.substr(0, most_bytes * (characters + 1)) : text;
}

std::string padding(std::string_view text, std::size_t columns) {
  const auto taken = columns_of(text);
  return std::string(columns > taken ? columns - taken : 0, ' ');
}

}  // namespace

std::u32string decode_utf8(std::string_view text) {
  std::u32string decoded;
  for (auto at = text.begin(); at != text.end();) {
    const auto start = at;
    const auto character = Utf8::decode(at, text.end());
    decoded += is_valid(character) ? static_cast<char32_t>(character) : replacement;
    if (!is_valid(character)) at = std::next(start);
  }
  return decoded;
}

std::string encode_utf8(std::u32string_view text) {
  std::string encoded;
  for (const char32_t character : text) Utf8::encode(character, std::back_inserter(encoded));
  return encoded;
}

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  for (auto at = text.begin(); at != text.end();) {
    const auto start = at;
    if (!is_valid(Utf8::decode(at, text.end()))) return static_cast<std::size_t>(start - text.begin());
  }
  return std::nullopt;
}

bool is_control(char32_t c) {
  return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || c == 0x200E || c == 0x200F ||
         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
}

std::string sanitize(std::string_view text, std::size_t longest) {
  const auto characters = decode_utf8(start_of(text, longest));
  std::string line;
  for (const char32_t character : std::u32string_view(characters).substr(0, longest))
    line += is_unfit(character) ? fmt::format("\\u{:04X}", static_cast<std::uint32_t>(character))
                                : encode_utf8({&character, 1});
  return characters.size() > longest ? line + "..." : line;
}

// Not wcwidth(3): it depends on the locale, and in the C locale, where soak stays so that numbers look alike
// everywhere, it knows the width of ASCII only.
std::size_t terminal_columns(char32_t character) {
  if (is_combining(character)) return 0;
  // {fmt} knows which characters are wide and pads by columns: what it does not add is what they take.
  const auto encoded = encode_utf8({&character, 1});
  return 2 - (fmt::format("{:<2}", encoded).size() - encoded.size());
}

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

void say(std::FILE* out, const std::string& text) noexcept {
  std::fputs(text.c_str(), out);
  std::fflush(out);
  std::clearerr(out);
}

}  // namespace soak
