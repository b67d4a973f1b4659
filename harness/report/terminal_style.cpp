#include "report/terminal_style.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

namespace soak::report {
namespace {

constexpr int narrowest = 40, widest = 1000;

bool is_set(const std::optional<std::string>& variable) { return variable && !variable->empty(); }

std::optional<int> width_from(const std::optional<std::string>& columns) {
  if (!columns) return {};
  int width = 0;
  const auto* const end = columns->data() + columns->size();
  const auto [stop, error] = std::from_chars(columns->data(), end, width);
  return error == std::errc{} && stop == end && width > 0 ? std::optional(width) : std::nullopt;
}

std::optional<int> width_of_terminal(int descriptor) {
  winsize size{};
  if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return {};
  return size.ws_col;
}

}  // namespace

std::optional<std::string> process_environment(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

bool wants_color(ColorChoice choice, const Environment& environment, bool is_terminal) {
  if (choice != ColorChoice::automatic) return choice == ColorChoice::always;
  if (is_set(environment("NO_COLOR"))) return false;
  if (const auto force = environment("CLICOLOR_FORCE"); is_set(force) && *force != "0") return true;
  if (environment("CLICOLOR") == "0") return false;
  return is_terminal && environment("TERM") != "dumb";
}

bool can_rewrite_lines(int descriptor, const Environment& environment) {
  return ::isatty(descriptor) == 1 && environment("TERM") != "dumb";
}

bool wants_unicode(const Environment& environment) {
  if (environment("TERM") == "dumb") return false;
  for (const auto* const name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    auto locale = environment(name);
    if (!is_set(locale)) continue;
    std::ranges::transform(*locale, locale->begin(), [](char letter) {
      return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    });
    return locale->find("utf-8") != std::string::npos || locale->find("utf8") != std::string::npos;
  }
  return true;
}

std::string colored(std::string_view text, std::string_view color, const TerminalStyle& style) {
  return style.color && !color.empty() ? fmt::format("\x1b[{}m{}\x1b[0m", color, text) : std::string(text);
}

TerminalStyle terminal_style(int descriptor, ColorChoice choice, const Environment& environment) {
  const bool is_terminal = ::isatty(descriptor) == 1;
  auto width = width_from(environment("COLUMNS"));
  if (!width) width = width_of_terminal(descriptor);
  return {.width = std::clamp(width.value_or(is_terminal ? 80 : 120), narrowest, widest),
          .color = wants_color(choice, environment, is_terminal),
          .unicode = wants_unicode(environment)};
}

}  // namespace soak::report
