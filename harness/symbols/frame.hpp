// Frames of a stack as plain values, and what they show: whose code each is, which one to show to people, and what
// was allocated.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace soak::symbols {

/// An executable or shared library as it was mapped into the measured process.
struct Module {
  std::string path{};
  std::string build_id{};            ///< Lower-case hexadecimal; empty if the file has none: then it is not compared.
  std::uint64_t begin = 0, end = 0;  ///< Addresses [begin, end) of the process.
  std::uint64_t load_bias = 0;       ///< Address in the process minus address in the file.
};

/// One function on a stack. Inlined functions have frames of their own.
struct Frame {
  std::string function{};  ///< Short, for people; `module+0xoffset` where there is no name.
  std::string raw_name{};  ///< Mangled if known, otherwise qualified as debug info has it; empty without a name.
  std::string file{};      ///< Absolute if debug info says so; empty without debug info.
  int line = 0;            ///< 0: not known.
  std::string module{};    ///< Path; empty if the address lies in none.
  std::uint64_t module_offset = 0;  ///< Address in the module's file.
  bool is_inlined = false;

  bool operator==(const Frame&) const = default;
};

/// Whose code a frame is, from what the reader can change to what nobody wants to see.
enum class Origin {
  own,          ///< Has a line in a file that is not a system header and lies in no third-party folder.
  third_party,  ///< A library of the project's: with a line in a vendored folder or a module of its own.
  nameless,     ///< A module that is not the system's, and nothing known about the place.
  system        ///< libc, libstdc++, the probe, and whatever was inlined from system headers.
};
[[nodiscard]] Origin origin_of(const Frame& frame);

/// The index of the innermost frame of the best origin; 0 if all are the system's. `frames`: innermost first, not
/// empty.
[[nodiscard]] std::size_t pick_the_line(std::span<const Frame> frames);

/// The type that was allocated, read from the frames of allocators and containers on the way to the allocation. For
/// people: `app::Job`, `node of std::map<int, app::Job>`, `buffer of std::vector<int>`, or `member of app::Job` if
/// only the constructor that allocated is known. Empty if no frame shows it: a plain `new` in a function, or malloc.
/// `frames`: innermost first, inlined ones included.
[[nodiscard]] std::optional<std::string> allocated_type(std::span<const Frame> frames);

/// The short name of an object's type, from what std::type_info::name() has. What make_shared allocates is named
/// after the object in it. Anything else, such as a text of the program's own, comes back as it is.
[[nodiscard]] std::string object_type(const std::string& type_info_name);

}  // namespace soak::symbols
