#include <storage/database.hpp>

namespace storage {
namespace {

std::string describe(sqlite3* connection, int code, std::string_view doing) {
  const char* reason = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
  return "database: cannot " + std::string(doing) + ": " + reason;
}

}  // namespace

DatabaseError::DatabaseError(sqlite3* connection, int code, std::string_view doing)
    : std::runtime_error(describe(connection, code, doing)), code_(code) {}

Rows::~Rows() {
  sqlite3_reset(statement_);
  sqlite3_clear_bindings(statement_);
}

bool Rows::next() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  throw DatabaseError(sqlite3_db_handle(statement_), code, sqlite3_sql(statement_));
}

std::int64_t Rows::integer(int column) const noexcept { return sqlite3_column_int64(statement_, column); }

std::string Rows::text(int column) const {
  const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
  return bytes == nullptr ? std::string()
                          : std::string(bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
}

void Statement::bind(int index, std::int64_t value) {
  check_bind(sqlite3_bind_int64(statement_.get(), index, value));
}

void Statement::bind(int index, std::string_view value) {
  check_bind(sqlite3_bind_text64(statement_.get(), index, value.data(), value.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::check_bind(int code) {
  if (code != SQLITE_OK) {
    throw DatabaseError(sqlite3_db_handle(statement_.get()), code, "bind a parameter");
  }
}

Database::Database(const std::filesystem::path& file) {
  sqlite3* opened = nullptr;
  constexpr int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
  const int code = sqlite3_open_v2(file.c_str(), &opened, flags, nullptr);
  connection_.reset(opened);  // Where opening fails, SQLite still hands out a connection to be closed.
  if (code != SQLITE_OK) throw DatabaseError(opened, code, "open " + file.string());
  sqlite3_extended_result_codes(opened, 1);
}

void Database::execute(const std::string& sql) {
  const int code = sqlite3_exec(connection_.get(), sql.c_str(), nullptr, nullptr, nullptr);
  if (code != SQLITE_OK) throw DatabaseError(connection_.get(), code, sql);
}

Statement Database::prepare(std::string_view sql) {
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(connection_.get(), sql.data(), static_cast<int>(sql.size()),
                                      SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
  if (code != SQLITE_OK) throw DatabaseError(connection_.get(), code, sql);
  return Statement(statement);
}

std::int64_t Database::integer(std::string_view sql) {
  auto statement = prepare(sql);
  auto rows = statement.with();
  rows.next();
  return rows.integer(0);
}

Transaction::Transaction(Database& database) : database_(database) { database_.execute("BEGIN IMMEDIATE"); }

Transaction::~Transaction() {
  if (committed_) return;
  try {
    database_.execute("ROLLBACK");
  } catch (const DatabaseError&) {
    // SQLite has rolled back by itself already, as it does when the disk is full.
  }
}

void Transaction::commit() {
  database_.execute("COMMIT");
  committed_ = true;
}

}  // namespace storage
