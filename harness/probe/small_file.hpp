// Reading small files of /proc without allocating.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

struct Text {
  const char* begin = nullptr;
  std::size_t size = 0;
};

/// Reads up to `capacity` bytes of the file into `buffer`; an empty text where it cannot be read.
Text read_small_file(const char* path, char* buffer, std::size_t capacity) noexcept;

/// The number behind `key` at the start of a line, as in "VmRSS:\t  1234 kB": 1234; the sum where several lines start
/// so (Private_Clean, Private_Dirty), `absent` where none does.
std::int64_t number_after(Text text, const char* key) noexcept;

/// The number at `position`, which is moved behind it; -1 where there is none.
std::int64_t parse_number(Text text, std::size_t& position) noexcept;

}  // namespace soak::probe
