// The database behind a store: its connection, transactions, and schema.
#pragma once

#include <soci/soci.h>

#include <string>

#include "history/store.hpp"

namespace soak::history {

/// Throws StoreError with the database's message and what to do about it.
[[noreturn]] void rethrow_as_store_error(const soci::soci_error& error, const std::string& shown);

/// Opens the database at `address`. If a file does not exist, a writer makes it, and for a reader it is a UserError.
void open_session(soci::session& session, const std::string& address, Access access);

// --- Addresses, for people and for SOCI

[[nodiscard]] bool is_postgresql(const std::string& address);

/// Without the password that a postgresql:// address may have.
[[nodiscard]] std::string printable_address(const std::string& address);

enum class FileMode {
  create,     ///< Read and written; made if it does not exist.
  read,       ///< Only read.
  immutable,  ///< Only read, and nothing may be written beside it, as WAL otherwise does.
};

/// SOCI's connection string for a SQLite file. If the file is locked, it waits for up to two minutes.
[[nodiscard]] std::string sqlite_connection(const std::string& file, FileMode mode);

/// Adds timeouts unless the address sets them, so that an unreachable server is an error, not a hang.
[[nodiscard]] std::string postgresql_connection(const std::string& address);

/// A transaction that starts as a writer, so that of two at once one waits here and not after both have read. It is
/// rolled back unless committed. soci::transaction starts as a reader in SQLite, and its first write fails if another
/// program wrote meanwhile.
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

// --- The schema, as numbered steps from an empty database

/// Makes every missing step, in one transaction; if several programs try at once, one does it. Throws StoreError,
/// which names `name`, if the schema is newer or the file holds something else.
void migrate(soci::session& session, const std::string& name);

/// Throws StoreError unless it is the newest.
void require_newest_schema(soci::session& session, const std::string& name);

}  // namespace soak::history
