#include "config/source_text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"

namespace soak::config {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";
constexpr std::string_view indentation = "  ";
constexpr std::string_view ellipsis = "...";
constexpr std::size_t longest_quote = 100;
constexpr std::size_t longest_path = 4096;

std::string_view without_line_end(std::string_view line) {
  while (line.ends_with('\n') || line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::u32string decode_line(std::string_view line) {
  auto characters = decode_utf8(line);
  std::ranges::replace_if(
      characters, [](char32_t c) { return c != U'\t' && is_control(c); }, U'\uFFFD');
  return characters;
}

/// The part of a line that is shown.
struct Window {
  std::size_t begin, end;
};

Window window_around(std::size_t index, std::size_t size) {
  if (size <= longest_quote) return {0, size};
  const auto begin = std::clamp<std::size_t>(index, longest_quote / 2, size - longest_quote / 2) - longest_quote / 2;
  return {begin, begin + longest_quote};
}

/// Blanks as wide as `text`, so that a caret behind them stands below its end: tabs stay tabs.
std::string blank_like(std::u32string_view text) {
  std::string blank;
  for (const char32_t c : text) c == U'\t' ? blank += '\t' : blank.append(terminal_columns(c), ' ');
  return blank;
}

std::string quote_line(std::string_view line, std::size_t column) {
  const auto characters = decode_line(line);
  const std::u32string_view view = characters;
  const auto index = std::min(column - 1, view.size());
  const auto [begin, end] = window_around(index, view.size());
  const auto lead = begin > 0 ? ellipsis : "";
  return fmt::format("{0}{1}{2}{3}\n{0}{4}{5}^", indentation, lead, encode_utf8(view.substr(begin, end - begin)),
                     end < view.size() ? ellipsis : "", std::string(lead.size(), ' '),
                     blank_like(view.substr(begin, index - begin)));
}

}  // namespace

SourceText::SourceText(std::string_view text) : text_(text) {
  if (text.starts_with(byte_order_mark)) text.remove_prefix(byte_order_mark.size());
  while (!text.empty()) {
    const auto size = std::min(text.find('\n'), text.size() - 1) + 1;
    lines_.push_back(text.substr(0, size));
    text.remove_prefix(size);
  }
}

SourcePlace SourceText::place(std::size_t line, std::size_t column) const {
  SourcePlace place{line, column, {}};
  if (line == 0 || column == 0 || line > lines_.size()) return place;
  const auto text = without_line_end(lines_[line - 1]);
  if (text.find_first_not_of(" \t") != std::string_view::npos) place.quote = quote_line(text, column);
  return place;
}

SourcePlace SourceText::place_of_byte(std::size_t offset) const {
  if (lines_.empty()) return place(1, 1);
  // The lines lie one behind the other; a byte order mark before them is not a character.
  const char* const byte = text_.data() + offset;
  const auto after = std::ranges::find_if(lines_, [&](auto line) { return line.data() > byte; });
  const auto line = std::max(after, lines_.begin() + 1) - 1;
  const auto before = static_cast<std::size_t>(std::max<std::ptrdiff_t>(byte - line->data(), 0));
  return place(static_cast<std::size_t>(line - lines_.begin()) + 1, decode_utf8(line->substr(0, before)).size() + 1);
}

std::string located(const std::filesystem::path& file, const SourcePlace& place, std::string_view message) {
  auto text = sanitize(file.string(), longest_path);
  if (place.line > 0) text += fmt::format(":{}:{}", place.line, place.column);
  text += fmt::format(": {}", message);
  return place.quote.empty() ? text : text + "\n" + place.quote;
}

}  // namespace soak::config
