// How much of a piece of memory is in RAM. One thread at a time asks.
#pragma once

#include <atomic>
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

// From a block to its call site with one load: a table beside the whole address space.
//
// 32 bits for each 32 bytes: glibc's blocks lie at least so far apart (MINSIZE), so no two share an entry. The upper
// level has a pointer a GiB of address space; what it points to is mapped when the first block there is born and
// takes pages only where blocks are: 4 bytes a 32-byte granule, of which only each block's first is written.

struct ShadowEntry {
  std::uint32_t bits = 0;
  static constexpr unsigned site_bits = 14;
  static constexpr std::uint32_t max_slack = (1u << (32 - site_bits)) - 1;

  /// `slack` is what the allocator holds beyond what was asked for; more than fits is cut.
  static ShadowEntry of(std::uint32_t site, std::uint64_t slack) noexcept {
    return {site | static_cast<std::uint32_t>(slack < max_slack ? slack : max_slack) << site_bits};
  }
  /// The same for slack that fits.
  static ShadowEntry of_small(std::uint32_t site, std::uint64_t slack) noexcept {
    return {site | static_cast<std::uint32_t>(slack) << site_bits};
  }
  [[nodiscard]] std::uint32_t site() const noexcept { return bits & ((1u << site_bits) - 1); }
  [[nodiscard]] std::uint32_t slack() const noexcept { return bits >> site_bits; }
};

class Shadow {
 public:
  static constexpr std::uint64_t block_alignment = 16;

  /// The block's entry; null where there is no memory for it, errno kept. The block's owner alone may write to it.
  [[nodiscard]] ShadowEntry* entry_for(const void* block) noexcept {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    auto* const part = part_of(address);
    return part != nullptr ? part + index(address) : added_entry(address);
  }
  /// The same, but null as well where there was no block near it before.
  [[nodiscard]] ShadowEntry* known_entry_for(const void* block) const noexcept {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    auto* const part = part_of(address);
    return part != nullptr ? part + index(address) : nullptr;
  }
  /// What was kept for the block, which is forgotten; 0 for one that was never seen.
  [[nodiscard]] ShadowEntry take(const void* block) noexcept {
    const auto address = reinterpret_cast<std::uint64_t>(block);
    auto* const part = part_of(address);
    if (part == nullptr) return {};
    const auto entry = part[index(address)];
    part[index(address)] = {};
    return entry;
  }

  /// Calls visit(granule, entry) for every block that is there, in ascending order: the block begins at the granule,
  /// or block_alignment behind. Others may add and take blocks meanwhile.
  template <typename Visit>
  void visit(Visit visit) const noexcept;

  struct Memory {
    std::int64_t resident_bytes = 0, virtual_bytes = 0;
  };
  /// Of the lower level. Asks the kernel: some 50 us a GiB of address space that has blocks. One thread at a time.
  [[nodiscard]] Memory memory() const noexcept;

 private:
  static constexpr unsigned address_bits = 48, part_bits = 30, granule_bits = 5;
  static constexpr std::uint64_t part_entries = std::uint64_t{1} << (part_bits - granule_bits);
  static constexpr std::uint64_t part_count = std::uint64_t{1} << (address_bits - part_bits);

  [[nodiscard]] ShadowEntry* part_of(std::uint64_t address) const noexcept {
    const auto number = address >> part_bits;
    return number < part_count ? parts_[number].load(std::memory_order_acquire) : nullptr;
  }
  static std::uint64_t index(std::uint64_t address) noexcept { return address >> granule_bits & (part_entries - 1); }
  ShadowEntry* added_entry(std::uint64_t address) noexcept;

  std::atomic<ShadowEntry*> parts_[part_count];
};

template <typename Visit>
void Shadow::visit(Visit visit) const noexcept {
  for (std::uint64_t number = 0; number < part_count; ++number) {
    auto* const part = parts_[number].load(std::memory_order_acquire);
    if (part == nullptr) continue;
    // Only pages that were written to: reading the others would cost more than all the blocks.
    for_each_resident_page(part, part_entries * sizeof(ShadowEntry), [&](std::size_t begin, std::size_t end) {
      for (auto i = begin / sizeof(ShadowEntry); i < end / sizeof(ShadowEntry); ++i)
        if (const auto bits = __atomic_load_n(&part[i].bits, __ATOMIC_RELAXED); bits != 0)
          visit(number << part_bits | i << granule_bits, ShadowEntry{bits});
    });
  }
}

}  // namespace soak::probe
