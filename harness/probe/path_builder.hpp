// Paths of /proc, put together without allocating: snprintf takes locale locks and may allocate.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// Pieces one after another; what does not fit is left out, and the text stays terminated.
struct PathBuilder {
  char text[64] = {};
  std::size_t size = 0;

  PathBuilder& add(const char* piece) noexcept {
    for (; *piece != '\0' && size + 1 < sizeof(text); ++piece) text[size++] = *piece;
    return *this;
  }
  /// Precondition: number >= 0.
  PathBuilder& add(std::int64_t number) noexcept {
    char digits[24];
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0 && size + 1 < sizeof(text)) text[size++] = digits[--count];
    return *this;
  }
};

}  // namespace soak::probe
