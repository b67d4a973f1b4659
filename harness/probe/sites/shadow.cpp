#include "probe/sites/shadow.hpp"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include "probe/own_calls.hpp"

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

namespace {

void* map_part(std::size_t bytes) noexcept {
  const int saved_errno = errno;
  void* const memory = own::map(bytes);
  errno = saved_errno;
  return memory;
}

}  // namespace

ShadowEntry* Shadow::added_entry(std::uint64_t address) noexcept {
  if (address >> part_bits >= part_count) return nullptr;
  auto* const mapped = static_cast<ShadowEntry*>(map_part(part_entries * sizeof(ShadowEntry)));
  if (mapped == nullptr) return nullptr;
  ShadowEntry* first = nullptr;
  if (!parts_[address >> part_bits].compare_exchange_strong(first, mapped, std::memory_order_acq_rel)) {
    own::unmap(mapped, part_entries * sizeof(ShadowEntry));
    return first + index(address);
  }
  return mapped + index(address);
}

Shadow::Memory Shadow::memory() const noexcept {
  Memory sum;
  for (const auto& part : parts_) {
    auto* const memory = part.load(std::memory_order_acquire);
    if (memory == nullptr) continue;
    sum.virtual_bytes += static_cast<std::int64_t>(part_entries * sizeof(ShadowEntry));
    sum.resident_bytes += probe::resident_bytes(memory, part_entries * sizeof(ShadowEntry));
  }
  return sum;
}

}  // namespace soak::probe
