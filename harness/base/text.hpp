// Text in columns of a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace soak {

/// One line that a terminal shows and does not obey: controls escaped as \u001B, bytes that are no UTF-8 as U+FFFD,
/// cut with "..." beyond 2,000 characters.
[[nodiscard]] std::string harmless(std::string_view text);
/// The same, however long.
[[nodiscard]] std::string harmless_whole(std::string_view text);

/// Columns that a harmless text takes.
[[nodiscard]] std::size_t columns_of(std::string_view text);

/// At most `columns` wide, the middle left out: both ends of a name tell it apart. Precondition: columns >= 3.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t columns);

[[nodiscard]] std::string left_aligned(std::string_view text, std::size_t columns);
[[nodiscard]] std::string right_aligned(std::string_view text, std::size_t columns);

}  // namespace soak
