// What can be told of an executable without running it.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace soak::symbols {

struct ElfSummary {
  bool is_static = false;           ///< No loader: nothing can come before libc in it.
  bool defines_malloc = false;      ///< It brings an allocator of its own, linked into it.
  bool has_debug_info = false;      ///< In the file, or under the debug folder by its build-id.
  std::vector<std::string> needed;  ///< The libraries it asks for by name, in the loader's order.
};

/// Empty where the file cannot be read or is no ELF file.
[[nodiscard]] std::optional<ElfSummary> elf_summary(const std::filesystem::path& file,
                                                    const std::filesystem::path& debug_folder = "/usr/lib/debug");

}  // namespace soak::symbols
