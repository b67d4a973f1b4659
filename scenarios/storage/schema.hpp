// The tables of the index and their version, kept in the database's own user_version.
#pragma once

#include <stdexcept>
#include <storage/database.hpp>

namespace storage {

inline constexpr std::int64_t schema_version = 1;

/// The index was made by a later version of this program.
class NewerSchema : public std::runtime_error {
 public:
  explicit NewerSchema(std::int64_t found);
};

enum class SchemaState { created, present };

/// Creates the tables in an empty database. Throws NewerSchema and leaves the database as it is.
SchemaState prepare_schema(Database& database);

}  // namespace storage
