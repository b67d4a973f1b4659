// A folder of one's own for as long as the object lives; removed with everything in it.
#pragma once

#include <filesystem>
#include <string_view>

namespace storage {

class TemporaryFolder {
 public:
  /// Creates <system's temporary folder>/<prefix>XXXXXX. Throws std::filesystem::filesystem_error.
  explicit TemporaryFolder(std::string_view prefix);
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace storage
