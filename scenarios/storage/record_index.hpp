// Which records there are, how large they are and when each was written: a SQLite table beside the files.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <storage/atomic_file.hpp>
#include <storage/database.hpp>
#include <storage/schema.hpp>
#include <string>
#include <string_view>

namespace storage {

/// What the index knows of a record's file.
struct RecordEntry {
  std::int64_t bytes = 0;
  std::uint32_t checksum = 0;
  friend bool operator==(const RecordEntry&, const RecordEntry&) = default;
};

/// One thread at a time. Errors are DatabaseError and NewerSchema.
class RecordIndex {
 public:
  RecordIndex(const std::filesystem::path& file, Durability durability);

  /// True where the tables had to be made: nothing is known of the files that may be there.
  [[nodiscard]] bool was_created() const noexcept { return schema_ == SchemaState::created; }

  /// Inserts or replaces; either way the record is now the one written last.
  void put(std::string_view key, const RecordEntry& entry);
  [[nodiscard]] std::optional<RecordEntry> find(std::string_view key);
  /// False where there was none.
  bool remove(std::string_view key);
  [[nodiscard]] std::int64_t count();
  /// Key of the record that was not written for longest.
  [[nodiscard]] std::optional<std::string> oldest();
  /// Calls `visit` in the order of keys. It must not use the index.
  void for_each(const std::function<void(const std::string& key, const RecordEntry& entry)>& visit);
  /// Runs `fill` on the emptied index; where it throws, the index is as it was.
  void replace_all(const std::function<void()>& fill);

 private:
  Database database_;  // Before the statements: it has to outlive them.
  SchemaState schema_;
  Statement put_;
  Statement find_;
  Statement remove_;
  Statement count_;
  Statement oldest_;
  Statement all_;
};

}  // namespace storage
