#include "probe/types/vtable_types.hpp"

#include <dlfcn.h>
#include <string.h>

#include "probe/types/memory_copy.hpp"
#include "probe/types/type_table.hpp"

namespace soak::probe {
namespace {

/// Lies in a file that is mapped. Locks nothing.
bool is_in_module(std::uint64_t address) noexcept {
  dl_find_object object;
  return address % 8 == 0 && address != 0 && _dl_find_object(reinterpret_cast<void*>(address), &object) == 0;
}

/// What stands before the functions.
struct TableHead {
  std::uint64_t offset_to_top, info;
};
bool read_head(std::uint64_t table, TableHead& head) noexcept {
  return is_in_module(table) && copy_value(table - sizeof(TableHead), head);
}

struct TypeInfo {
  std::uint64_t table, name;
};

/// Classes without bases, with one, and all others. __fundamental_type_info and the like have no virtual functions'
/// objects.
bool names_a_class_info(const char* name) noexcept {
  constexpr const char* names[] = {"N10__cxxabiv117__class_type_infoE", "N10__cxxabiv120__si_class_type_infoE",
                                   "N10__cxxabiv121__vmi_class_type_infoE"};
  for (const auto* const one : names)
    if (strcmp(name, one) == 0) return true;
  return false;
}

}  // namespace

bool VtableTypes::is_type_info(std::uint64_t table_of_info) noexcept {
  for (std::size_t i = 0; i < table_count_; ++i)
    if (tables_of_infos_[i] == table_of_info) return true;
  TableHead head{};
  TypeInfo info{};
  if (!read_head(table_of_info, head) || !is_in_module(head.info) || !copy_value(head.info, info) ||
      !copy_text(info.name, name_, name_bytes) || !names_a_class_info(name_))
    return false;
  if (table_count_ < sizeof(tables_of_infos_) / sizeof(*tables_of_infos_))
    tables_of_infos_[table_count_++] = table_of_info;
  return true;
}

std::int64_t VtableTypes::found(std::uint64_t table, layout::RegionHeader& region) noexcept {
  TableHead head{};
  TypeInfo info{};
  if (!read_head(table, head) || head.offset_to_top != 0 || !is_in_module(head.info) ||
      !copy_value(head.info, info) || !is_type_info(info.table) || !copy_text(info.name, name_, name_bytes))
    return -1;
  // A star: no other file has this type, and addresses alone tell.
  const auto* const name = name_[0] == '*' ? name_ + 1 : name_;
  return *name == '\0' ? -1 : type_index(region, name, layout::TypeSource::vtable);
}

std::int64_t VtableTypes::type_of(std::uint64_t first_word, layout::RegionHeader& region) noexcept {
  auto& known = cache_[first_word * 0x9e3779b97f4a7c15u >> 52];
  static_assert(cache_size == 1 << (64 - 52));
  if (known.word != first_word) known = {first_word, found(first_word, region)};
  return first_word == 0 ? -1 : known.type;
}

void VtableTypes::forget() noexcept {
  memset(static_cast<void*>(cache_), 0, sizeof(cache_));
  table_count_ = 0;
}

}  // namespace soak::probe
