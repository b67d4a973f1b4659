// Text for a terminal: UTF-8, columns, and what is written there while a command works.
//
// What a program, a file or a record wrote may hold anything. Whatever soak prints of it goes through sanitize()
// first, so that no text moves the cursor, changes a colour or turns the direction of writing.
#pragma once

#include <cstddef>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

namespace soak {

/// Code points; bytes that are not UTF-8 become U+FFFD, one each.
[[nodiscard]] std::u32string decode_utf8(std::string_view text);
[[nodiscard]] std::string encode_utf8(std::u32string_view text);

/// The offset of the first byte that is not UTF-8.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// Control characters, and those that turn the direction of writing: a terminal would obey them.
[[nodiscard]] bool is_control(char32_t character);

/// Limits for sanitize(), in characters: one line of output, a word quoted in a message, no limit.
inline constexpr std::size_t line_length = 2000, quote_length = 100, any_length = std::string::npos;

/// One line that a terminal shows and does not obey, and that XML may hold: controls escaped as \u001B, bytes that
/// are not UTF-8 as U+FFFD, cut with "..." beyond `longest` characters.
[[nodiscard]] std::string sanitize(std::string_view text, std::size_t longest = line_length);

/// Columns of a terminal: 0 for combining marks, 2 for wide characters, otherwise 1.
[[nodiscard]] std::size_t terminal_columns(char32_t character);
/// Columns that a sanitized text takes.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// At most `columns` wide, the middle left out, because both ends of a name distinguish it. Precondition: columns
/// >= 3.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t columns);

[[nodiscard]] std::string left_aligned(std::string_view text, std::size_t columns);
[[nodiscard]] std::string right_aligned(std::string_view text, std::size_t columns);

/// Writes progress, notes and errors to `out`, usually stderr. A write that fails is ignored: a terminal that was
/// closed or a full disk must not cost the run.
void say(std::FILE* out, const std::string& text) noexcept;

}  // namespace soak
