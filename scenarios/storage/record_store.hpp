// A bounded store of records: each in a file of its own that is replaced atomically, with an index in SQLite.
//
//   storage::RecordStore store({.folder = "archive", .max_records = 1000});
//   store.put("video/dQw4", metadata);
//
// Files are written before the index and removed before it. After a crash between the two, find_problems() names what
// differs and rebuild_index() makes the index follow the files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stdexcept>
#include <storage/integrity.hpp>
#include <storage/record_files.hpp>
#include <storage/record_index.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace storage {

struct StoreSettings {
  std::filesystem::path folder;     ///< Created where there is none.
  std::int64_t max_records = 1000;  ///< At least 1; beyond it, the record not written for longest goes.
  Durability durability = Durability::fast;
};

/// A record whose file is not what was stored.
class DamagedRecord : public std::runtime_error {
 public:
  DamagedRecord(std::string_view key, Damage damage);
};

/// One thread, and one process, uses a store at a time. Errors: std::filesystem::filesystem_error, DatabaseError,
/// NewerSchema, and std::invalid_argument for keys that file_name_of() refuses.
class RecordStore {
 public:
  /// Removes what unfinished writes left behind. A store whose index was deleted rebuilds it.
  explicit RecordStore(StoreSettings settings);

  /// Stores or replaces a record.
  void put(std::string_view key, std::string_view content);
  /// Nothing where there is no such record. Throws DamagedRecord.
  [[nodiscard]] std::optional<std::string> find(std::string_view key);
  /// False where there was no such record.
  bool remove(std::string_view key);
  [[nodiscard]] std::int64_t count() { return index_.count(); }

  [[nodiscard]] std::vector<Problem> find_problems() { return storage::find_problems(index_, files_); }
  /// The index then holds what the files hold; age is taken from the files.
  void rebuild_index();

 private:
  void index_record(std::string_view key, std::string_view content);
  void remove_beyond_limit();

  StoreSettings settings_;
  RecordFiles files_;
  RecordIndex index_;
};

}  // namespace storage
