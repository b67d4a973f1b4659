// One executable or library opened with its debug info, wherever that lies.
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
#include "symbols/symbol_table.hpp"
#include "symbols/unit_functions.hpp"

namespace soak::symbols {

class DebugFile {
 public:
  /// Null where there is no such file, or one with another build-id, and the debug folder has none either.
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
