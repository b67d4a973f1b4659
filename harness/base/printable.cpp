#include "base/printable.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/locale/utf.hpp>
#include <iterator>

namespace soak {
namespace {

namespace utf = boost::locale::utf;
using Utf8 = utf::utf_traits<char>;

constexpr char32_t replacement = 0xFFFD;

bool is_valid(utf::code_point character) { return character != utf::illegal && character != utf::incomplete; }

bool is_combining(char32_t c) {
  return (c >= 0x0300 && c <= 0x036F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x20D0 && c <= 0x20FF) ||
         (c >= 0x200B && c <= 0x200D) || (c >= 0xFE00 && c <= 0xFE0F);
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

std::size_t terminal_columns(char32_t character) {
  if (is_combining(character)) return 0;
  // {fmt} knows which characters are wide and pads by columns: what it does not add is what they take.
  const auto encoded = encode_utf8({&character, 1});
  return 2 - (fmt::format("{:<2}", encoded).size() - encoded.size());
}

std::string printable(std::string_view text, std::size_t longest) {
  constexpr std::size_t most_bytes = 4;  // Of one character.
  const auto characters = decode_utf8(text.substr(0, most_bytes * (longest + 1)));
  std::string printed;
  for (const char32_t character : characters.substr(0, longest))
    printed += is_control(character) ? fmt::format("\\u{:04X}", static_cast<std::uint32_t>(character))
                                     : encode_utf8({&character, 1});
  return characters.size() > longest ? printed + "..." : printed;
}

}  // namespace soak
