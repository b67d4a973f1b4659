// A file on its way to being complete: it has a temporary name beside its target until commit() renames it, so that
// nobody ever sees half a file under the final name, and a download that broke off goes on where it stopped.
#pragma once

#include <cstdint>
#include <cstdio>
#include <downloads/checksum.hpp>
#include <filesystem>
#include <memory>
#include <span>

namespace downloads {

/// Where the content stands before it is complete: `target` with ".part" behind it.
[[nodiscard]] std::filesystem::path part_path(const std::filesystem::path& target);

/// One PartFile a target at a time. Members throw std::filesystem::filesystem_error with the path and the reason.
/// Destroying it without commit() keeps what was written, for the next one to go on with.
class PartFile {
 public:
  /// Opens what an earlier attempt left, or creates it, and reads it for the checksum.
  explicit PartFile(std::filesystem::path target);

  [[nodiscard]] std::uint64_t size_bytes() const noexcept { return size_bytes_; }
  [[nodiscard]] std::uint32_t crc32() const { return crc32_.value(); }

  void append(std::span<const char> bytes);
  /// Forgets the content.
  void restart();
  /// Closes the file and gives it its final name, in place of a file that had it. Nothing may be called afterwards.
  /// The rename is atomic; it does not wait for the disk (no fsync): after a power cut a download is started over.
  void commit();

 private:
  struct Close {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
  };

  void read_existing();
  [[noreturn]] void fail(const char* what) const;

  std::filesystem::path target_;
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, Close> file_;
  std::uint64_t size_bytes_ = 0;
  Crc32 crc32_;
};

}  // namespace downloads
