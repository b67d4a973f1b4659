#include "symbols/symbol_table.hpp"

#include <algorithm>
#include <iterator>

namespace soak::symbols {

SymbolTable::SymbolTable(Dwfl_Module* module) {
  const int count = dwfl_module_getsymtab(module);
  for (int i = 1; i < count; ++i) {
    GElf_Sym symbol;
    GElf_Addr begin = 0;
    const char* const name = dwfl_module_getsym_info(module, i, &symbol, &begin, nullptr, nullptr, nullptr);
    const auto type = GELF_ST_TYPE(symbol.st_info);
    if (name == nullptr || symbol.st_shndx == SHN_UNDEF || symbol.st_size == 0) continue;
    if (type == STT_FUNC || type == STT_GNU_IFUNC) functions_.push_back({begin, begin + symbol.st_size, name});
  }
  std::ranges::stable_sort(functions_, {}, &Function::begin);
}

std::string SymbolTable::at(std::uint64_t address) const {
  auto found = std::ranges::upper_bound(functions_, address, {}, &Function::begin);
  if (found == functions_.begin()) return {};
  --found;
  return address < found->end ? found->name : "";
}

}  // namespace soak::symbols
