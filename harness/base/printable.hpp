// Text from a file, made fit for a terminal.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace soak {

/// Code points; bytes that are no UTF-8 become U+FFFD, one each.
[[nodiscard]] std::u32string decode_utf8(std::string_view text);
[[nodiscard]] std::string encode_utf8(std::u32string_view text);

/// The offset of the first byte that is no UTF-8.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Control characters, and those that turn the direction of writing: a terminal would obey them.
[[nodiscard]] bool is_control(char32_t character);

/// Columns of a terminal: 0 for combining marks, 2 for wide characters, else 1.
[[nodiscard]] std::size_t terminal_columns(char32_t character);

/// For a message: controls escaped as \uXXXX, cut with "..." beyond `longest` characters.
[[nodiscard]] std::string printable(std::string_view text, std::size_t longest = 100);

}  // namespace soak
