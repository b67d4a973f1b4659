// The files of the records: one a record, in a folder of their own. The files are the truth, the index is derived.
#pragma once

#include <filesystem>
#include <optional>
#include <storage/atomic_file.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

/// One process uses a folder at a time. Errors are std::filesystem::filesystem_error, and std::invalid_argument for
/// keys that file_name_of() refuses.
class RecordFiles {
 public:
  /// Creates the folder where there is none.
  RecordFiles(std::filesystem::path folder, Durability durability);

  void write(std::string_view key, std::string_view content) const;
  /// Nothing where there is no such file.
  [[nodiscard]] std::optional<std::string> read(std::string_view key) const;
  /// False where there was no such file.
  bool remove(std::string_view key) const;

  /// Keys of all record files, the one written longest ago first; by key where the file system cannot tell.
  [[nodiscard]] std::vector<std::string> keys_by_age() const;
  /// Names of files that are no records: what a crash left behind, and strangers.
  [[nodiscard]] std::vector<std::string> other_names() const;
  /// Removes what a crash between write and rename left behind; returns how many.
  std::size_t sweep_temporaries() const;

  [[nodiscard]] std::filesystem::path path_of(std::string_view key) const;

 private:
  std::filesystem::path folder_;
  Durability durability_;
};

}  // namespace storage
