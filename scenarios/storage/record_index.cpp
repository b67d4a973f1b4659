#include <storage/record_index.hpp>

namespace storage {
namespace {

// The page cache and the write-ahead log reach these bounds within the first records, so that a long run holds as
// much as a short one: 64 KiB of pages, and a checkpoint each 64 pages of log.
constexpr const char* bounds = "PRAGMA cache_size = -64; PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 64;";

Database open_database(const std::filesystem::path& file, Durability durability) {
  Database database(file);
  database.execute(durability == Durability::durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = OFF");
  database.execute(bounds);
  return database;
}

RecordEntry entry_at(const Rows& rows, int first_column) {
  return {rows.integer(first_column), static_cast<std::uint32_t>(rows.integer(first_column + 1))};
}

}  // namespace

RecordIndex::RecordIndex(const std::filesystem::path& file, Durability durability)
    : database_(open_database(file, durability)),
      schema_(prepare_schema(database_)),
      put_(database_.prepare("INSERT INTO records (key, bytes, checksum, written)"
                             " VALUES (?1, ?2, ?3, (SELECT coalesce(max(written), 0) + 1 FROM records))"
                             " ON CONFLICT (key) DO UPDATE SET bytes = excluded.bytes, checksum = excluded.checksum,"
                             " written = excluded.written")),
      find_(database_.prepare("SELECT bytes, checksum FROM records WHERE key = ?1")),
      remove_(database_.prepare("DELETE FROM records WHERE key = ?1 RETURNING 1")),
      count_(database_.prepare("SELECT count(*) FROM records")),
      oldest_(database_.prepare("SELECT key FROM records ORDER BY written LIMIT 1")),
      all_(database_.prepare("SELECT key, bytes, checksum FROM records ORDER BY key")) {}

void RecordIndex::put(std::string_view key, const RecordEntry& entry) {
  put_.run(key, entry.bytes, std::int64_t{entry.checksum});
}

std::optional<RecordEntry> RecordIndex::find(std::string_view key) {
  auto rows = find_.with(key);
  if (!rows.next()) return std::nullopt;
  return entry_at(rows, 0);
}

bool RecordIndex::remove(std::string_view key) {
  auto rows = remove_.with(key);
  const bool found = rows.next();
  while (rows.next()) {
  }
  return found;
}

std::int64_t RecordIndex::count() {
  auto rows = count_.with();
  rows.next();
  return rows.integer(0);
}

std::optional<std::string> RecordIndex::oldest() {
  auto rows = oldest_.with();
  if (!rows.next()) return std::nullopt;
  return rows.text(0);
}

void RecordIndex::for_each(const std::function<void(const std::string&, const RecordEntry&)>& visit) {
  auto rows = all_.with();
  while (rows.next()) visit(rows.text(0), entry_at(rows, 1));
}

void RecordIndex::replace_all(const std::function<void()>& fill) {
  Transaction transaction(database_);
  database_.execute("DELETE FROM records");
  fill();
  transaction.commit();
}

}  // namespace storage
