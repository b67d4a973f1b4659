#include "probe/small_file.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probe/own_calls.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {
namespace {

bool is_digit(char letter) noexcept { return letter >= '0' && letter <= '9'; }

/// Behind the rest of the key's word: "Private_" finds the number of "Private_Clean:  12 kB".
std::size_t behind_colon(Text text, std::size_t position) noexcept {
  if (text.begin[position - 1] == ':') return position;
  while (position < text.size && text.begin[position] != ':' && text.begin[position] != '\n') ++position;
  return position < text.size && text.begin[position] == ':' ? position + 1 : position;
}

}  // namespace

Text read_small_file(const char* path, char* buffer, std::size_t capacity) noexcept {
  const int file = own::open(path, O_RDONLY);
  if (file < 0) return {};
  std::size_t size = 0;
  for (ssize_t got = 0; size < capacity && (got = read(file, buffer + size, capacity - size)) > 0;)
    size += static_cast<std::size_t>(got);
  own::close(file);
  return {buffer, size};
}

std::int64_t parse_number(Text text, std::size_t& position) noexcept {
  while (position < text.size && (text.begin[position] == ' ' || text.begin[position] == '\t')) ++position;
  std::int64_t number = -1;
  for (; position < text.size && is_digit(text.begin[position]); ++position) {
    const std::int64_t digit = text.begin[position] - '0';
    if (number < 0) number = 0;
    number = number > (INT64_MAX - digit) / 10 ? INT64_MAX : number * 10 + digit;
  }
  return number;
}

std::int64_t number_after(Text text, const char* key) noexcept {
  const auto key_size = strlen(key);
  std::int64_t sum = layout::absent;
  for (std::size_t line = 0; line + key_size < text.size;) {
    if (memcmp(text.begin + line, key, key_size) == 0) {
      auto position = behind_colon(text, line + key_size);
      const auto number = parse_number(text, position);
      if (number >= 0) sum = (sum == layout::absent ? 0 : sum) + number;
    }
    const auto* const end = static_cast<const char*>(memchr(text.begin + line, '\n', text.size - line));
    if (end == nullptr) break;
    line = static_cast<std::size_t>(end - text.begin) + 1;
  }
  return sum;
}

}  // namespace soak::probe
