// SQLite: pages that are cached, rows that are kept, statements that nobody finalizes.
#include <sqlite3.h>

#include <cstdlib>
#include <memory>
#include <string>

#include "recorded.hpp"

using namespace soak::series;

namespace {

const Library sqlite("SQLite", sqlite3_libversion());

using Database = std::unique_ptr<sqlite3, decltype(&sqlite3_close)>;

// An empty name is a file that is gone afterwards.
Database open_database(const char* name) {
  sqlite3* database = nullptr;
  if (sqlite3_open(name, &database) != SQLITE_OK) std::abort();
  return {database, sqlite3_close};
}

void execute(const Database& database, const std::string& sql) {
  if (sqlite3_exec(database.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) std::abort();
}

}  // namespace

// 512 KiB of pages, where 2 MB are usual; 600 B a row.
SOAK_SERIES(sqlite_page_cache) {
  const auto database = open_database("");
  execute(database, "PRAGMA cache_size = -512; CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  run(state, [&](std::int64_t) { execute(database, "INSERT INTO t (text) VALUES (hex(zeroblob(300)))"); });
}

SOAK_SERIES(sqlite_rows_in_memory) {
  const auto database = open_database(":memory:");
  execute(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  run(state, [&](std::int64_t) { execute(database, "INSERT INTO t (text) VALUES (hex(zeroblob(100)))"); });
}

SOAK_SERIES(sqlite_rows_in_memory_expired) {
  const auto database = open_database(":memory:");
  execute(database, "CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)");
  run(state, [&](std::int64_t i) {
    execute(database,
            "INSERT INTO t (text) VALUES (hex(zeroblob(100)));"
            "DELETE FROM t WHERE id <= " +
                std::to_string(i - 200));
  });
}

SOAK_SERIES(sqlite_statement_forgotten) {
  const auto database = open_database(":memory:");
  run(state, [&](std::int64_t) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(database.get(), "SELECT 1", -1, &statement, nullptr) != SQLITE_OK) std::abort();
  });
}
