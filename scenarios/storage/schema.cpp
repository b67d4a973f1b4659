#include <fmt/format.h>

#include <storage/schema.hpp>

namespace storage {
namespace {

// `written` counts up with each write of any record: the lowest is the record that was not written for longest.
constexpr const char* tables = R"(
  CREATE TABLE records (
    key      TEXT PRIMARY KEY,
    bytes    INTEGER NOT NULL,
    checksum INTEGER NOT NULL,
    written  INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE UNIQUE INDEX records_by_age ON records (written);
)";

}  // namespace

NewerSchema::NewerSchema(std::int64_t found)
    : std::runtime_error(fmt::format("the index of records has schema {}, this program knows up to {}; use a newer "
                                     "program, or delete the index to have it rebuilt",
                                     found, schema_version)) {}

SchemaState prepare_schema(Database& database) {
  const auto found = database.integer("PRAGMA user_version");
  if (found > schema_version) throw NewerSchema(found);
  if (found == schema_version) return SchemaState::present;
  Transaction transaction(database);
  database.execute(tables);
  database.execute(fmt::format("PRAGMA user_version = {}", schema_version));
  transaction.commit();
  return SchemaState::created;
}

}  // namespace storage
