#include "history/transaction.hpp"

namespace soak::history {

bool is_sqlite(soci::session& session) { return session.get_backend_name() == "sqlite3"; }

Transaction::Transaction(soci::session& session) : session_(session) {
  session_ << (is_sqlite(session_) ? "BEGIN IMMEDIATE" : "BEGIN");
}

Transaction::~Transaction() {
  if (!open_) return;
  try {
    session_ << "ROLLBACK";
  } catch (const soci::soci_error&) {
    // The connection is gone, and the transaction with it.
  }
}

void Transaction::commit() {
  session_ << "COMMIT";
  open_ = false;
}

}  // namespace soak::history
