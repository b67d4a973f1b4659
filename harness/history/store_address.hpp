// How a store is named, to people and to SOCI.
#pragma once

#include <string>

namespace soak::history {

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

}  // namespace soak::history
