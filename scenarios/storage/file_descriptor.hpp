// Owns one POSIX file descriptor.
#pragma once

#include <filesystem>
#include <utility>

namespace storage {

class FileDescriptor {
 public:
  /// Takes over `descriptor`; a negative one stands for none.
  explicit FileDescriptor(int descriptor = -1) noexcept : descriptor_(descriptor) {}
  FileDescriptor(FileDescriptor&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { close(); }

  [[nodiscard]] int get() const noexcept { return descriptor_; }
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }

  /// Returns 0, or the errno of close(2), which may be the first to report a full disk. Closing twice does nothing.
  int close() noexcept;

 private:
  int descriptor_;
};

/// The filesystem_error of `errno`: "cannot <action>: <reason> [path]". Call it before anything can change errno.
[[nodiscard]] std::filesystem::filesystem_error file_error(const char* action, const std::filesystem::path& path);

}  // namespace storage
