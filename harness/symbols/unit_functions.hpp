// The functions of one compilation unit by address: read once, asked for every address in the unit.
#pragma once

#include <elfutils/libdw.h>

#include <cstdint>
#include <vector>

namespace soak::symbols {

class UnitFunctions {
 public:
  /// Walks the unit's entries once; types outside of functions are left out, where most entries are.
  explicit UnitFunctions(Dwarf_Die unit);

  /// The function at the address and what is inlined into it there, innermost first; empty where there is none.
  [[nodiscard]] std::vector<Dwarf_Die> calls_at(std::uint64_t pc) const;

 private:
  struct Range {
    std::uint64_t begin, end;
    Dwarf_Off function;
  };

  void collect(Dwarf_Die parent, bool in_function);
  void add(Dwarf_Die function);

  Dwarf_Die unit_;
  std::vector<Range> ranges_;  ///< Sorted by begin.
};

}  // namespace soak::symbols
