// SQLite's C interface, with owners: a connection, its prepared statements, the rows of one use, a transaction.
// One thread uses a connection, and all that belongs to it, at a time.
#pragma once

#include <sqlite3.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace storage {

class DatabaseError : public std::runtime_error {
 public:
  /// `doing` says what was tried; the rest is SQLite's own message.
  DatabaseError(sqlite3* connection, int code, std::string_view doing);
  /// SQLite's extended result code.
  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

/// The rows of one execution. Resets its statement when it goes.
class Rows {
 public:
  explicit Rows(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  ~Rows();
  Rows(const Rows&) = delete;
  Rows& operator=(const Rows&) = delete;

  /// Goes to the next row; false after the last.
  bool next();
  [[nodiscard]] std::int64_t integer(int column) const noexcept;
  [[nodiscard]] std::string text(int column) const;

 private:
  sqlite3_stmt* statement_;
};

/// Lives no longer than its Database.
class Statement {
 public:
  /// Executes with `values` for the parameters, in order: integers and texts. One execution at a time.
  template <typename... Values>
  [[nodiscard]] Rows with(const Values&... values) {
    int index = 0;
    (bind(++index, values), ...);
    return Rows(statement_.get());
  }

  /// The same, to the end, where no rows are wanted.
  template <typename... Values>
  void run(const Values&... values) {
    auto rows = with(values...);
    while (rows.next()) {
    }
  }

 private:
  friend class Database;
  explicit Statement(sqlite3_stmt* statement) noexcept : statement_(statement) {}
  void bind(int index, std::int64_t value);
  void bind(int index, std::string_view value);
  void check_bind(int code);

  struct Finalize {
    void operator()(sqlite3_stmt* statement) const noexcept { sqlite3_finalize(statement); }
  };
  std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

class Database {
 public:
  /// Opens or creates. Throws DatabaseError, as all members do.
  explicit Database(const std::filesystem::path& file);

  /// Runs any number of statements without parameters; rows are dropped.
  void execute(const std::string& sql);
  [[nodiscard]] Statement prepare(std::string_view sql);
  /// First column of the first row, for queries that always have one.
  [[nodiscard]] std::int64_t integer(std::string_view sql);

 private:
  struct Close {
    void operator()(sqlite3* connection) const noexcept { sqlite3_close_v2(connection); }
  };
  std::unique_ptr<sqlite3, Close> connection_;
};

/// Rolls back unless committed.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();

 private:
  Database& database_;
  bool committed_ = false;
};

}  // namespace storage
