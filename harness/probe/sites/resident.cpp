#include "probe/sites/resident.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/own_calls.hpp"

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

std::int64_t present_bytes(const void* begin, std::size_t bytes) noexcept {
  if (bytes == 0) return 0;
  const int saved_errno = errno;
  constexpr std::size_t step_pages = 1024;
  static std::uint64_t entries[step_pages];
  const int file = own::open("/proc/self/pagemap", O_RDONLY);
  const auto page = static_cast<std::size_t>(getpagesize());
  auto number = reinterpret_cast<std::uintptr_t>(begin) / page;
  std::int64_t pages = 0;
  for (auto left = bytes / page; file >= 0 && left > 0;) {
    const auto wanted = (left < step_pages ? left : step_pages) * sizeof(std::uint64_t);
    const auto got = pread(file, entries, wanted, static_cast<off_t>(number * sizeof(std::uint64_t)));
    if (got <= 0) break;
    const auto count = static_cast<std::size_t>(got) / sizeof(std::uint64_t);
    for (std::size_t i = 0; i < count; ++i) pages += static_cast<std::int64_t>(entries[i] >> 63);
    number += count;
    left -= count;
  }
  if (file >= 0) own::close(file);
  errno = saved_errno;
  return pages * static_cast<std::int64_t>(page);
}

}  // namespace soak::probe
