// One executable or library opened with its debug info, wherever that lies: from an address to functions and lines.
//
// libdw reads DWARF, libdwfl finds the debug info. Both search anew for each address, so the functions of the symbol
// table and of each compilation unit are read once and kept in order of address.
#pragma once

#include <elfutils/libdwfl.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "symbols/frame.hpp"

namespace soak::symbols {

/// The functions in a file's symbol table by address. libdwfl looks through the whole table for each address.
class SymbolTable {
 public:
  /// Reads .symtab, wherever it was moved to, otherwise .dynsym and .gnu_debugdata. The names live as long as the
  /// module.
  explicit SymbolTable(Dwfl_Module* module);

  /// The function that says it covers the address, as libdwfl counts addresses; empty if none does, because
  /// the nearest one before it would be a guess.
  [[nodiscard]] std::string at(std::uint64_t address) const;

 private:
  struct Function {
    std::uint64_t begin, end;
    const char* name;
  };
  std::vector<Function> functions_;  ///< Sorted by begin.
};

/// The functions of one compilation unit by address: read once, asked for every address in the unit.
class UnitFunctions {
 public:
  /// Walks the unit's entries once, without types outside of functions, which hold most entries.
  explicit UnitFunctions(Dwarf_Die unit);

  /// The function at the address and what is inlined into it there, innermost first; empty if there is none.
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

/// An open file. Not for use by several threads at once.
class DebugFile {
 public:
  /// Null if neither the path nor the debug folder has a file with this build-id. An empty build-id is not compared.
  static std::unique_ptr<DebugFile> open(const std::string& path, const std::string& build_id,
                                         const std::filesystem::path& debug_folder);
  DebugFile(const DebugFile&) = delete;
  DebugFile& operator=(const DebugFile&) = delete;
  ~DebugFile() = default;

  /// The frames at an address of the file, innermost first, never empty; what is not known is left empty, and so is
  /// `module`.
  [[nodiscard]] std::vector<Frame> frames(std::uint64_t address) const;

 private:
  struct EndDwfl {
    void operator()(Dwfl* dwfl) const { dwfl_end(dwfl); }
  };

  explicit DebugFile(const std::filesystem::path& debug_folder);
  bool load(const std::string& path, const std::string& build_id);
  [[nodiscard]] std::string symbol_at(std::uint64_t address) const;
  Dwarf_Die* unit_at(std::uint64_t address, std::uint64_t& bias) const;
  const UnitFunctions& functions_of(Dwarf_Die& unit) const;
  const std::string& short_name(const std::string& raw_name) const;
  const std::string& name_of(const Dwarf_Die& function) const;
  [[nodiscard]] std::vector<Frame> frames_from_debug_info(std::uint64_t address) const;

  std::string search_path_;  ///< As libdwfl wants it; must outlive dwfl_.
  char* search_path_pointer_;
  Dwfl_Callbacks callbacks_;
  std::unique_ptr<Dwfl, EndDwfl> dwfl_;
  Dwfl_Module* module_ = nullptr;
  std::uint64_t bias_ = 0;                      ///< Address for libdwfl minus address in the file.
  mutable std::optional<SymbolTable> symbols_;  ///< Read when the first address needs it.
  mutable std::unordered_map<std::uint64_t, UnitFunctions> units_;  ///< By offset of the unit's entry.
  mutable std::unordered_map<std::uint64_t, std::string> names_;    ///< By offset of the origin's entry.
  mutable std::unordered_map<std::string, std::string> short_names_;
};

}  // namespace soak::symbols
