// What the resolver takes and gives: plain values.
#pragma once

#include <cstdint>
#include <string>

namespace soak::symbols {

/// An executable or shared library as it was mapped into the measured process.
struct Module {
  std::string path{};
  std::string build_id{};            ///< Lower-case hexadecimal; empty where the file has none: then not compared.
  std::uint64_t begin = 0, end = 0;  ///< Addresses [begin, end) of the process.
  std::uint64_t load_bias = 0;       ///< Address in the process minus address in the file.
};

/// One function on a stack. Inlined functions have frames of their own.
struct Frame {
  std::string function{};  ///< Short, for people; `module+0xoffset` where there is no name.
  std::string raw_name{};  ///< Mangled where known, else qualified as debug info has it; empty without a name.
  std::string file{};      ///< Absolute where debug info says so; empty without debug info.
  int line = 0;            ///< 0: not known.
  std::string module{};    ///< Path; empty where the address lies in none.
  std::uint64_t module_offset = 0;  ///< Address in the module's file.
  bool is_inlined = false;

  bool operator==(const Frame&) const = default;
};

}  // namespace soak::symbols
