// Files as a whole: read within bounds, replaced in one step, kept for a while, named.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

namespace soak {

/// The whole content, of a pipe as well. Throws std::system_error, with the file in its message, if it cannot be read
/// or has more than `most_bytes` (EFBIG).
[[nodiscard]] std::string read_file(const std::filesystem::path& file, std::size_t most_bytes);

/// Replaces `file` in one step: a reader sees the old content or the new, also after a crash. Leaves nothing else
/// behind when it fails. Throws std::system_error, with the file in its message.
void write_atomically(const std::filesystem::path& file, std::string_view content);

/// A source file as people in `folder` (absolute and normal) would name it: without `.` and `..`, and relative if it
/// lies in that folder. An empty folder holds nothing.
[[nodiscard]] std::string relative_file(std::string_view folder, std::string_view file);

/// A folder for temporary files, named `soak-PURPOSE-...`, in the machine's folder for such. The destructor removes
/// it and everything in it. The constructor throws std::system_error.
class ScratchFolder {
 public:
  explicit ScratchFolder(const std::string& purpose);
  ~ScratchFolder();
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace soak
