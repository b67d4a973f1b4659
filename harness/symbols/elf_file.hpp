// An executable or library as a file: what it is, what it needs, and where its debug info lies. The one reader of ELF
// in soak; whatever the file holds, it reports only what it could read.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace soak::symbols {

/// An open ELF file. Each question reads the part of the file that answers it.
class ElfFile {
 public:
  /// Empty if the file cannot be read or is not an ELF file.
  [[nodiscard]] static std::optional<ElfFile> open(const std::filesystem::path& file);
  ElfFile(ElfFile&& other) noexcept;
  ElfFile& operator=(ElfFile&& other) noexcept;
  ~ElfFile();

  /// Whether addresses in it are as wide as ours.
  [[nodiscard]] bool is_native() const;
  /// Whether a loader starts it. Without one nothing can come before its libc.
  [[nodiscard]] bool has_interpreter() const;
  /// Whether Go's linker made it: its first note says so.
  [[nodiscard]] bool is_go() const;
  /// The names of the libraries it asks for (DT_NEEDED), in the loader's order.
  [[nodiscard]] std::vector<std::string> needed_libraries() const;
  /// Whether it brings its own malloc, as a program with an allocator linked into it does.
  [[nodiscard]] bool defines_malloc() const;
  /// Whether debug info is in the file, or under the debug folder by its build-id.
  [[nodiscard]] bool has_debug_info(const std::filesystem::path& debug_folder = "/usr/lib/debug") const;
  /// Lower-case hexadecimal; empty if it has none.
  [[nodiscard]] std::string build_id() const;

 private:
  class Impl;
  explicit ElfFile(std::unique_ptr<Impl> impl);
  [[nodiscard]] bool has_section(std::string_view name) const;

  std::unique_ptr<Impl> impl_;
};

/// Everything that soak doctor asks about a file.
struct ElfSummary {
  bool is_static = false;  ///< Without a loader.
  bool defines_malloc = false;
  bool has_debug_info = false;
  std::vector<std::string> needed;
};
/// Empty if the file cannot be read or is not an ELF file.
[[nodiscard]] std::optional<ElfSummary> elf_summary(const std::filesystem::path& file,
                                                    const std::filesystem::path& debug_folder = "/usr/lib/debug");

/// Bytes as a build-id is written: lower-case hexadecimal.
[[nodiscard]] std::string build_id_text(const unsigned char* bytes, std::ptrdiff_t size);
/// The separate debug file of a build-id; empty if the build-id is too short for one.
[[nodiscard]] std::filesystem::path separate_debug_file(std::string_view build_id,
                                                        const std::filesystem::path& debug_folder);

}  // namespace soak::symbols
