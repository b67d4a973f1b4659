#include "history/store_connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "golden.hpp"
#include "history/store.hpp"

namespace soak::history {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string told(const std::string& said) {
  try {
    rethrow_as_store_error(soci::soci_error(said), "the store");
  } catch (const StoreError& error) {
    return error.what();
  }
}

TEST(RethrowAsStoreError, SaysWhatToDoHoweverTheDatabasePutsIt) {
  const std::string nothing_is_lost = "soak history import";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"Cannot execute query. Fatal error. Connection failed\n", nothing_is_lost},
      {"Cannot establish connection to the database.\n", nothing_is_lost},
      {"Cannot execute query. Fatal error. server closed the connection unexpectedly", nothing_is_lost},
      {"FATAL:  terminating connection due to administrator command", nothing_is_lost},
      {"database is locked", ""},
      {"attempt to write a readonly database", "--store"},
      {"file is not a database", nothing_is_lost},
      {"division by zero", "division by zero"},
  };
  for (const auto& [said, to_do] : cases) {
    const auto message = told(said);
    EXPECT_THAT(message, AllOf(StartsWith("the store: "), HasSubstr(to_do)));
    expect_wording(said, message);
  }
}

}  // namespace
}  // namespace soak::history
