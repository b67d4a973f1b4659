// How much of a piece of memory is in RAM. One thread at a time asks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace soak::probe {

/// Asks the kernel; `begin` is at a page. 0 where it does not answer.
[[nodiscard]] std::int64_t resident_bytes(void* begin, std::size_t bytes) noexcept;

/// A piece of the memory that is asked about at once.
struct Residency {
  std::size_t offset = 0, page_bytes = 0, page_count = 0;
  const unsigned char* pages = nullptr;  ///< Bit 0 of each: it is in RAM. Null where the kernel does not answer.
};
/// From `offset` on, as much as is asked about at once.
[[nodiscard]] Residency residency_at(void* begin, std::size_t bytes, std::size_t offset) noexcept;

/// Calls visit(begin, end), offsets in bytes, for each page that is in RAM.
template <typename Visit>
void for_each_resident_page(void* begin, std::size_t bytes, Visit visit) noexcept {
  for (std::size_t offset = 0; offset < bytes;) {
    const auto piece = residency_at(begin, bytes, offset);
    for (std::size_t i = 0; piece.pages != nullptr && i < piece.page_count; ++i)
      if ((piece.pages[i] & 1) != 0) visit(offset + i * piece.page_bytes, offset + (i + 1) * piece.page_bytes);
    offset += piece.page_count * piece.page_bytes;
  }
}

/// The same for a shared mapping of a file, of which other pages may be in RAM than those that this process has: by
/// /proc/self/pagemap, some 20 ns a page.
[[nodiscard]] std::int64_t present_bytes(const void* begin, std::size_t bytes) noexcept;

}  // namespace soak::probe
