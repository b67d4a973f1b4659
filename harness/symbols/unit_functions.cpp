#include "symbols/unit_functions.hpp"

#include <dwarf.h>

#include <algorithm>
#include <iterator>

namespace soak::symbols {
namespace {

bool is_type_with_members(int tag) {
  return tag == DW_TAG_class_type || tag == DW_TAG_structure_type || tag == DW_TAG_union_type ||
         tag == DW_TAG_enumeration_type;
}

/// Appends what is inlined at `pc`, outermost first.
void append_inlined(Dwarf_Die parent, std::uint64_t pc, std::vector<Dwarf_Die>& calls) {
  Dwarf_Die child;
  if (dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag != DW_TAG_inlined_subroutine && tag != DW_TAG_lexical_block) continue;
    if (dwarf_haspc(&child, pc) != 1) continue;
    if (tag == DW_TAG_inlined_subroutine) calls.push_back(child);
    return append_inlined(child, pc, calls);
  } while (dwarf_siblingof(&child, &child) == 0);
}

}  // namespace

UnitFunctions::UnitFunctions(Dwarf_Die unit) : unit_(unit) {
  collect(unit, false);
  std::ranges::sort(ranges_, {}, &Range::begin);
}

void UnitFunctions::collect(Dwarf_Die parent, bool in_function) {
  Dwarf_Die child;
  if (dwarf_child(&parent, &child) != 0) return;
  do {
    const int tag = dwarf_tag(&child);
    if (tag == DW_TAG_subprogram) add(child);
    // Members of local classes have their code inside the function.
    if (tag == DW_TAG_namespace || tag == DW_TAG_subprogram ||
        (in_function && (tag == DW_TAG_lexical_block || is_type_with_members(tag))))
      collect(child, in_function || tag == DW_TAG_subprogram);
  } while (dwarf_siblingof(&child, &child) == 0);
}

void UnitFunctions::add(Dwarf_Die function) {
  Dwarf_Addr base = 0, begin = 0, end = 0;
  ptrdiff_t position = 0;
  while ((position = dwarf_ranges(&function, position, &base, &begin, &end)) > 0)
    ranges_.push_back({begin, end, dwarf_dieoffset(&function)});
}

std::vector<Dwarf_Die> UnitFunctions::calls_at(std::uint64_t pc) const {
  const auto behind = std::ranges::upper_bound(ranges_, pc, {}, &Range::begin);
  if (behind == ranges_.begin() || pc >= std::prev(behind)->end) return {};
  auto unit = unit_;
  Dwarf_Die function;
  if (dwarf_offdie(dwarf_cu_getdwarf(unit.cu), std::prev(behind)->function, &function) == nullptr) return {};
  std::vector<Dwarf_Die> calls{function};
  append_inlined(function, pc, calls);
  std::ranges::reverse(calls);
  return calls;
}

}  // namespace soak::symbols
