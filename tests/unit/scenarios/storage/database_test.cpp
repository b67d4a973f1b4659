#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <storage/database.hpp>
#include <storage/schema.hpp>

#include "test_files.hpp"

namespace storage {
namespace {

using testing::HasSubstr;

class DatabaseTest : public testing::Test {
 protected:
  DatabaseTest() { database_.execute("PRAGMA synchronous = OFF"); }  // Milliseconds each, otherwise.

  TemporaryFolder folder_{"storage-test-"};
  Database database_{folder_.path() / "test.sqlite"};
};

TEST_F(DatabaseTest, GivesBackWhatWasBound) {
  database_.execute("CREATE TABLE t (id INTEGER, name TEXT)");
  auto insert = database_.prepare("INSERT INTO t VALUES (?1, ?2)");
  const std::string with_zero("a\0b", 3);
  insert.run(std::int64_t{9223372036854775807}, std::string_view("čaj \U0001F375"));
  insert.run(std::int64_t{-1}, std::string_view(with_zero));
  insert.run(std::int64_t{0}, std::string_view(""));

  auto select = database_.prepare("SELECT id, name FROM t ORDER BY rowid");
  auto rows = select.with();
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), 9223372036854775807);
  EXPECT_EQ(rows.text(1), "čaj \U0001F375");
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.integer(0), -1);
  EXPECT_EQ(rows.text(1), with_zero);
  ASSERT_TRUE(rows.next());
  EXPECT_EQ(rows.text(1), "");
  EXPECT_FALSE(rows.next());
}

TEST_F(DatabaseTest, StatementStartsAgainWhereItsRowsWereLeftEarly) {
  auto numbers = database_.prepare("SELECT 1 UNION SELECT 2");
  for (int use = 0; use < 2; ++use) {
    auto rows = numbers.with();
    ASSERT_TRUE(rows.next());
    EXPECT_EQ(rows.integer(0), 1);
  }
}

TEST_F(DatabaseTest, TransactionIsRolledBackUnlessCommitted) {
  database_.execute("CREATE TABLE t (id INTEGER)");
  {
    Transaction dropped(database_);
    database_.execute("INSERT INTO t VALUES (1)");
  }
  EXPECT_EQ(database_.integer("SELECT count(*) FROM t"), 0);
  Transaction kept(database_);
  database_.execute("INSERT INTO t VALUES (1)");
  kept.commit();
  EXPECT_EQ(database_.integer("SELECT count(*) FROM t"), 1);
}

TEST_F(DatabaseTest, ErrorsSayWhatWasTriedAndWhy) {
  try {
    (void)database_.prepare("SELECT * FROM nowhere");
    FAIL() << "prepared a query on a table that is not there";
  } catch (const DatabaseError& error) {
    EXPECT_THAT(error.what(), HasSubstr("SELECT * FROM nowhere"));
    EXPECT_THAT(error.what(), HasSubstr("no such table"));
  }
}

TEST_F(DatabaseTest, ViolatedConstraintHasItsExtendedCode) {
  database_.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT NOT NULL)");
  auto insert = database_.prepare("INSERT INTO t VALUES (1, NULL)");
  try {
    insert.run();
    FAIL() << "NULL went into a column that allows none";
  } catch (const DatabaseError& error) {
    EXPECT_EQ(error.code(), SQLITE_CONSTRAINT_NOTNULL);
  }
}

TEST_F(DatabaseTest, CannotOpenWhatIsNoFile) {
  EXPECT_THROW(Database{folder_.path()}, DatabaseError);
  EXPECT_THROW(Database{folder_.path() / "missing" / "test.sqlite"}, DatabaseError);
}

TEST_F(DatabaseTest, SchemaIsMadeOnceAndCarriesItsVersion) {
  EXPECT_EQ(prepare_schema(database_), SchemaState::created);
  EXPECT_EQ(database_.integer("PRAGMA user_version"), schema_version);
  EXPECT_EQ(prepare_schema(database_), SchemaState::present);
}

TEST_F(DatabaseTest, NewerSchemaIsRefusedAndLeftAlone) {
  database_.execute("PRAGMA user_version = 7; CREATE TABLE of_the_future (x)");
  try {
    prepare_schema(database_);
    FAIL() << "accepted a schema of the future";
  } catch (const NewerSchema& error) {
    EXPECT_THAT(error.what(), HasSubstr("schema 7"));
  }
  EXPECT_EQ(database_.integer("SELECT count(*) FROM sqlite_schema"), 1);
}

}  // namespace
}  // namespace storage
