#include "history/store_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "history/store.hpp"

namespace soak::history {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::StartsWith;

std::string told(const std::string& said) {
  try {
    rethrow_as_store_error(soci::soci_error(said), "the store");
  } catch (const StoreError& error) {
    return error.what();
  }
}

TEST(RethrowAsStoreError, SaysWhatToDoHoweverTheDatabasePutsIt) {
  const std::string import_adds_it =
      "is the server running? What was not stored is in its record: soak history import adds it";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Cannot execute query. Fatal error. Connection failed\n", import_adds_it},
      {"Cannot establish connection to the database.\n", import_adds_it},
      {"Cannot execute query. Fatal error. server closed the connection unexpectedly", import_adds_it},
      {"FATAL:  terminating connection due to administrator command", import_adds_it},
      {"database is locked", "another process is writing to it; try again"},
      {"attempt to write a readonly database",
       "it may not be written; make it writable or name another store with --store"},
      {"file is not a database",
       "it is left as it is; move it away, and soak history import makes a new one of the records"},
      {"division by zero", "the store: division by zero"},
  };
  for (const auto& [said, to_do] : cases) EXPECT_THAT(told(said), AllOf(StartsWith("the store: "), EndsWith(to_do)));
}

}  // namespace
}  // namespace soak::history
