// Quotes the line of a file that an error message is about, with a caret below it.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "config/config.hpp"

namespace soak::config {

/// The lines of a text, to quote from; the text must outlive it.
class SourceText {
 public:
  explicit SourceText(std::string_view text);

  /// The place with its quote: the line, trimmed around the column if it is long, and a caret in the right column
  /// of a terminal. No quote if the line is blank or does not exist.
  [[nodiscard]] SourcePlace place(std::size_t line, std::size_t column) const;
  /// The same by offset in the text.
  [[nodiscard]] SourcePlace place_of_byte(std::size_t offset) const;

 private:
  std::string_view text_;
  std::vector<std::string_view> lines_;  ///< Without what ends them.
};

/// "benchmarks.toml:14:11: unknown key ..." and the quote on the lines below.
[[nodiscard]] std::string located(const std::filesystem::path& file, const SourcePlace& place,
                                  std::string_view message);

}  // namespace soak::config
