#include "probe/sites/resident.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

namespace soak::probe {

Residency residency_at(void* begin, std::size_t bytes, std::size_t offset) noexcept {
  constexpr std::size_t most_pages = 16 * 1024;
  static unsigned char pages[most_pages];
  const int saved_errno = errno;
  const auto page = static_cast<std::size_t>(getpagesize());
  const auto left = (bytes - offset + page - 1) / page;
  const auto count = left < most_pages ? left : most_pages;
  const bool is_answered = mincore(static_cast<std::byte*>(begin) + offset, count * page, pages) == 0;
  errno = saved_errno;
  return {offset, page, count, is_answered ? pages : nullptr};
}

std::int64_t resident_bytes(void* begin, std::size_t bytes) noexcept {
  std::int64_t sum = 0;
  for_each_resident_page(begin, bytes,
                         [&sum](std::size_t from, std::size_t to) { sum += static_cast<std::int64_t>(to - from); });
  return sum;
}

}  // namespace soak::probe
