// A folder for what nobody needs afterwards.
#pragma once

#include <filesystem>
#include <string>

namespace soak {

/// In the machine's folder for temporary files, its name beginning with `soak-PURPOSE-`. Gone, with what is in it, at
/// the end of its life. The constructor throws std::system_error.
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
