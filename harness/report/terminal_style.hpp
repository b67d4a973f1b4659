// What a terminal can show.
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

/// `color`: parameters of SGR, such as "1;31" (ECMA-48). The text as it is where that is empty or colour is off.
[[nodiscard]] std::string colored(std::string_view text, std::string_view color, const TerminalStyle& style);

enum class ColorChoice { automatic, always, never };

/// The value of an environment variable; empty where it is not set.
using Environment = std::function<std::optional<std::string>(const std::string& name)>;
[[nodiscard]] std::optional<std::string> process_environment(const std::string& name);

/// The user's flag decides, then NO_COLOR, CLICOLOR_FORCE, CLICOLOR=0, whether it is a terminal, TERM=dumb.
[[nodiscard]] bool wants_color(ColorChoice choice, const Environment& environment, bool is_terminal);

/// A terminal that can go back in a line: progress may be one line that changes.
[[nodiscard]] bool can_rewrite_lines(int descriptor, const Environment& environment = process_environment);

/// False for TERM=dumb, and where LC_ALL, LC_CTYPE or LANG, the first that is set, names another character set than
/// UTF-8.
[[nodiscard]] bool wants_unicode(const Environment& environment);

/// Of the terminal behind a file descriptor. Its width is COLUMNS, else the terminal's own, else 80 on a terminal and
/// 120 in a file or pipe.
[[nodiscard]] TerminalStyle terminal_style(int descriptor, ColorChoice choice = ColorChoice::automatic,
                                           const Environment& environment = process_environment);

}  // namespace soak::report
