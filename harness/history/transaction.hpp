// All or nothing.
#pragma once

#include <soci/soci.h>

namespace soak::history {

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

}  // namespace soak::history
