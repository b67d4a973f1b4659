// A file that appears whole or not at all: written under a temporary name beside its place, then renamed over it.
// A reader, and whoever comes after a crash, sees the old content or the new one, never a part.
#pragma once

#include <filesystem>
#include <storage/file_descriptor.hpp>
#include <string_view>

namespace storage {

enum class Durability {
  fast,     ///< Survives a crash of the program; the kernel writes to disk when it likes.
  durable,  ///< Survives a power cut: file and folder are synchronised before commit() returns.
};

/// What the names of unfinished files end in.
inline constexpr std::string_view temporary_suffix = ".tmp";

/// One thread uses an AtomicFile at a time; several of them may write to the same target, and the last commit stands.
/// Errors are std::filesystem::filesystem_error with the path; the target is then as it was.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path target, Durability durability = Durability::fast);
  /// Without commit(), removes what was written.
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Appends, unbuffered. Not after commit().
  void write(std::string_view bytes);

  /// Puts the file in its place. Once only. Where just the folder could not be synchronised, the file is in place.
  void commit();

  /// Where the bytes are until commit().
  [[nodiscard]] const std::filesystem::path& temporary_path() const noexcept { return temporary_path_; }

 private:
  void open_temporary();
  void synchronise_folder() const;

  std::filesystem::path target_;
  std::filesystem::path temporary_path_;
  FileDescriptor file_;
  Durability durability_;
  bool committed_ = false;
};

/// One AtomicFile from opening to commit().
void write_file_atomically(const std::filesystem::path& target, std::string_view bytes,
                           Durability durability = Durability::fast);

}  // namespace storage
