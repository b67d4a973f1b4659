#include "probe/small_file.hpp"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "probe/region.hpp"

namespace soak::probe {

Text read_small_file(const char* path, char* buffer, std::size_t capacity) noexcept {
  const int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return {};
  std::size_t size = 0;
  for (ssize_t got = 0; size < capacity && (got = read(file, buffer + size, capacity - size)) > 0;)
    size += static_cast<std::size_t>(got);
  close(file);
  return {buffer, size};
}

std::int64_t parse_number(Text text, std::size_t& position) noexcept {
  while (position < text.size && (text.begin[position] == ' ' || text.begin[position] == '\t')) ++position;
  std::int64_t number = -1;
  for (; position < text.size && text.begin[position] >= '0' && text.begin[position] <= '9'; ++position)
    number = (number < 0 ? 0 : number * 10) + (text.begin[position] - '0');
  return number;
}

std::int64_t number_after(Text text, const char* key) noexcept {
  const auto key_size = strlen(key);
  std::int64_t sum = absent;
  for (std::size_t line = 0; line + key_size < text.size;) {
    if (memcmp(text.begin + line, key, key_size) == 0) {
      auto position = line + key_size;
      const auto number = parse_number(text, position);
      if (number >= 0) sum = (sum == absent ? 0 : sum) + number;
    }
    const auto* const end = static_cast<const char*>(memchr(text.begin + line, '\n', text.size - line));
    if (end == nullptr) break;
    line = static_cast<std::size_t>(end - text.begin) + 1;
  }
  return sum;
}

}  // namespace soak::probe
