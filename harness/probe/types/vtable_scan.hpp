// Reads this process's own memory where it may not be there: another thread frees and unmaps, and whatever stands in
// a block may look like an address.
#pragma once

#include <cstddef>
#include <cstdint>

#include "probe/sites/sites.hpp"
#include "region/layout/region_layout.hpp"
#include "region/layout/type_layout.hpp"

namespace soak::probe {

/// False where not all of it can be read, and where the kernel refuses to be asked. Changes errno.
[[nodiscard]] bool copy_memory(std::uint64_t from, void* to, std::size_t bytes) noexcept;

template <typename Value>
[[nodiscard]] bool copy_value(std::uint64_t from, Value& to) noexcept {
  return copy_memory(from, &to, sizeof(Value));
}

/// As much of the zero-terminated text as fits; false where its end is not found in readable memory.
[[nodiscard]] bool copy_text(std::uint64_t from, char* to, std::size_t capacity) noexcept;

/// A stretch of memory, copied at once: blocks lie side by side.
class MemoryWindow {
 public:
  /// `words` words from `address` on; null where they cannot be read. Cheapest for ascending addresses.
  [[nodiscard]] const std::uint64_t* words_at(std::uint64_t address, std::size_t words) noexcept;
  /// One word; a far one is copied by itself, and the window stays where it is. False where it cannot be read.
  [[nodiscard]] bool word_at(std::uint64_t address, std::uint64_t& word) const noexcept;
  /// What was copied is not to be used any more.
  void forget() noexcept { begin_ = end_ = 0; }

 private:
  static constexpr std::size_t capacity = 64 * 1024;
  bool copy_pages(std::uint64_t begin, std::uint64_t end) noexcept;

  std::uint64_t begin_, end_;
  alignas(8) std::byte bytes_[capacity];
};

// From the first word of a block to the type of the object in it, if it is an object's with virtual functions.
//
// By the Itanium C++ ABI (section 2.5): the word points behind two others, the offset to the top of the whole object,
// 0 in its primary table, and the address of its type_info; that one begins with the address of a table too, of one
// of the classes that implement type_info, and then has its name. All of it lies in files that are mapped. Whatever
// stands there instead, it is only copied, never followed by a plain load.

/// Zero-initialised memory is an empty one. One thread at a time.
class VtableTypes {
 public:
  /// The type's number in the region; -1 where the word is no such address or there is no room for the type.
  [[nodiscard]] std::int64_t type_of(std::uint64_t first_word, layout::RegionHeader& region) noexcept;
  /// Code was unmapped since: other tables may lie at the same addresses.
  void forget() noexcept;

 private:
  static constexpr std::size_t cache_size = 4096, name_bytes = 4096;
  struct Known {
    std::uint64_t word;
    std::int64_t type;
  };
  [[nodiscard]] std::int64_t found(std::uint64_t table, layout::RegionHeader& region) noexcept;
  [[nodiscard]] bool is_type_info(std::uint64_t table_of_info) noexcept;

  Known cache_[cache_size];
  std::uint64_t
      tables_of_infos_[4];  ///< Those of the classes that implement type_info; a C++ library more, three more.
  std::size_t table_count_;
  char name_[name_bytes];
};

// Counts live objects by the types that their vtables name. SOAK_PROBE=sites, which knows where live blocks are.

/// Before the program's own code runs; the region says so where it cannot be done.
void start_vtable_scans(layout::RegionHeader& region) noexcept;

/// Looks at all live blocks, where `kind` is that of a TypedMoment, and adds to `points`, by type, and to
/// typed_sites. Blocks that others free meanwhile may be counted or not. 50 to 100 ms a million blocks. One thread at
/// a time.
void count_by_vtable(layout::RegionHeader& region, layout::ReadingKind kind, layout::TypePoint* points) noexcept;

/// The scan's own; see OwnMemory.
[[nodiscard]] OwnMemory scan_memory() noexcept;

}  // namespace soak::probe
