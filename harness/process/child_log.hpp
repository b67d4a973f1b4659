// What a child prints, kept in a file, within bounds.
#pragma once

#include <cstddef>
#include <deque>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

namespace soak::process {

/// The first `head_limit` bytes go to the file as they come; of the rest the last `tail_limit` bytes are added at the
/// end, with a line that says how much is missing: a child that prints gigabytes must not fill the disk.
class ChildLog {
 public:
  static constexpr std::size_t head_limit = 1 << 20;
  static constexpr std::size_t tail_limit = 64 << 10;

  explicit ChildLog(const std::filesystem::path& file);
  void append(std::string_view output);
  /// Writes what is still held back. The log cannot be appended to afterwards.
  void close();

  /// The last lines, at most `limit` bytes of them.
  [[nodiscard]] std::string tail(std::size_t limit = 2048) const;
  /// Empty where all could be written.
  [[nodiscard]] const std::string& error() const { return error_; }

 private:
  void write(std::string_view text);

  std::filesystem::path file_;
  std::ofstream stream_;
  std::size_t in_head_ = 0;
  std::size_t behind_head_ = 0;  ///< Bytes that came after the head was full.
  std::string last_;             ///< The last tail_limit bytes of everything.
  std::string error_;
};

}  // namespace soak::process
