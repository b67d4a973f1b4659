// What a store needs of its database: a connection, transactions, and the schema.
#pragma once

#include <soci/soci.h>

#include <string>

#include "history/store.hpp"

namespace soak::history {

/// Throws StoreError with what the database says and what to do about it.
[[noreturn]] void rethrow_as_store_error(const soci::soci_error& error, const std::string& shown);

/// Opens what `address` names. A file that is not there is a UserError for a reader, and made for a writer.
void open_session(soci::session& session, const std::string& address, Access access);

// How a store is named, to people and to SOCI.

[[nodiscard]] bool is_postgresql(const std::string& address);

/// Without the password that a postgresql:// address may have.
[[nodiscard]] std::string printable_address(const std::string& address);

enum class FileMode {
  create,     ///< Read and written, made where it is not there.
  read,       ///< Only read.
  immutable,  ///< Only read, where nothing may be written beside it either, as WAL else wants.
};

/// SOCI's connection string for a SQLite file. Whoever finds the file locked waits for up to two minutes.
[[nodiscard]] std::string sqlite_connection(const std::string& file, FileMode mode);

/// With time limits where the address sets none: a server that is gone is said, not waited for for ever.
[[nodiscard]] std::string postgresql_connection(const std::string& address);

// All or nothing.

/// Begins as a writer, so that of two at once one waits here and not when both have read; rolled back unless
/// committed. soci::transaction begins as a reader in SQLite, whose first write then fails where another wrote since.
class Transaction {
 public:
  explicit Transaction(soci::session& session);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  void commit();

 private:
  soci::session& session_;
  bool open_ = true;
};

[[nodiscard]] bool is_sqlite(soci::session& session);

// The schema, as numbered steps from an empty database.

/// Makes every step that is missing, in one transaction; of several that try at once one does it. `name` is for the
/// StoreError where the schema is newer, or where the file holds something else.
void migrate(soci::session& session, const std::string& name);

/// Throws StoreError unless it is the newest.
void require_newest_schema(soci::session& session, const std::string& name);

}  // namespace soak::history
