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

/// The number in the line that starts with `key`, as in "VmRSS:\t  1234 kB": 1234. A key without its colon stands for
/// every line that starts so, and the sum is taken: "Private_" is Private_Clean and Private_Dirty. `absent` where no
/// such line has a number.
std::int64_t number_after(Text text, const char* key) noexcept;

/// The number at `position`, blanks before it passed over, and `position` moved behind it; -1 where there is none,
/// INT64_MAX where it does not fit.
std::int64_t parse_number(Text text, std::size_t& position) noexcept;

}  // namespace soak::probe
