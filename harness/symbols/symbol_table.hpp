// The functions in a file's symbol table by address. libdwfl looks through the whole table for each address.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <string>
#include <vector>

namespace soak::symbols {

class SymbolTable {
 public:
  /// Reads .symtab, wherever it was moved to, else .dynsym and .gnu_debugdata. The names live as long as the module.
  explicit SymbolTable(Dwfl_Module* module);

  /// The function that says it covers the address, as libdwfl counts addresses; empty where none does: the nearest
  /// one before it would be a guess.
  [[nodiscard]] std::string at(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t begin, end;
    const char* name;
  };
  std::vector<Function> functions_;  ///< Sorted by begin.
};

}  // namespace soak::symbols
