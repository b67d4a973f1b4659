// The abilities of a terminal: width, colours, characters.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace soak::report {

struct TerminalStyle {
  int width = 80;  ///< Columns; the table fits into it unless its figures alone are wider.
  bool color = false;
  bool unicode = true;  ///< Blocks and the like can be drawn.
};

/// `color`: parameters of SGR, such as "1;31" (ECMA-48). If that is empty or colours are off, the text is unchanged.
[[nodiscard]] std::string colored(std::string_view text, std::string_view color, const TerminalStyle& style);

enum class ColorChoice { automatic, always, never };

/// The value of an environment variable; empty if it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// Decided by the user's flag, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR=0, whether it is a terminal, TERM=dumb.
[[nodiscard]] bool wants_color(ColorChoice choice, const Environment& environment, bool is_terminal);

/// True for a terminal that can go back in a line, so that progress can be one line that changes.
[[nodiscard]] bool can_rewrite_lines(int descriptor, const Environment& environment = process_environment);

/// False for TERM=dumb, and if the first of LC_ALL, LC_CTYPE and LANG that is set names another character set than
/// UTF-8.
[[nodiscard]] bool wants_unicode(const Environment& environment);

/// The style for a file descriptor. The width is COLUMNS, otherwise the terminal's own, otherwise 80 on a terminal
/// and 120 in a file or pipe.
[[nodiscard]] TerminalStyle terminal_style(int descriptor, ColorChoice choice = ColorChoice::automatic,
                                           const Environment& environment = process_environment);

}  // namespace soak::report
