// Names and source lines of debug info's entries.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <string>

namespace soak::symbols {

struct SourcePlace {
  std::string file;  ///< Empty where not known.
  int line = 0;
};

/// What was compiled to the instruction at `pc`.
[[nodiscard]] SourcePlace line_at(Dwarf_Die& unit, std::uint64_t pc);
/// Where the inlined function was called, in the function around it.
[[nodiscard]] SourcePlace call_place(Dwarf_Die& unit, Dwarf_Die& inlined);

/// Mangled; empty for functions that no other file can name.
[[nodiscard]] std::string linkage_name(Dwarf_Die& function);
/// The entry that has the name: concrete and out-of-line entries refer to it.
[[nodiscard]] Dwarf_Die origin_of(Dwarf_Die function);
/// The name with its namespaces and classes, in the demangler's spelling. Walks the whole unit: to be asked once.
[[nodiscard]] std::string qualified_name(Dwarf_Die& origin);

}  // namespace soak::symbols
