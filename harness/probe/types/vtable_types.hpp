// From the first word of a block to the type of the object in it, if it is an object's with virtual functions.
//
// By the Itanium C++ ABI (section 2.5): the word points behind two others, the offset to the top of the whole object,
// 0 in its primary table, and the address of its type_info; that one begins with the address of a table too, of one
// of the classes that implement type_info, and then has its name. All of it lies in files that are mapped. Whatever
// stands there instead, it is only copied, never followed by a plain load.
#pragma once

#include <cstddef>
#include <cstdint>

#include "region/layout/region_layout.hpp"

namespace soak::probe {

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

}  // namespace soak::probe
