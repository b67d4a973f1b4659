#include "probe/sites/resident.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

namespace soak::probe {

std::int64_t resident_bytes(void* begin, std::size_t bytes) noexcept {
  const int saved_errno = errno;
  constexpr std::size_t step_pages = 16 * 1024;
  static unsigned char is_resident[step_pages];
  const auto page = static_cast<std::size_t>(getpagesize());
  std::int64_t pages = 0;
  for (std::size_t at = 0; at < bytes; at += step_pages * page) {
    const auto length = bytes - at < step_pages * page ? bytes - at : step_pages * page;
    if (mincore(static_cast<std::byte*>(begin) + at, length, is_resident) != 0) continue;
    for (std::size_t i = 0; i < (length + page - 1) / page; ++i) pages += is_resident[i] & 1;
  }
  errno = saved_errno;
  return pages * static_cast<std::int64_t>(page);
}

}  // namespace soak::probe
