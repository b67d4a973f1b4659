#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <storage/record_store.hpp>

#include "test_files.hpp"

namespace storage {
namespace {

using storage_test::content_of;
using storage_test::names_in;
using storage_test::put_file;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RecordStoreTest : public testing::Test {
 protected:
  RecordStore open(std::int64_t max_records = 1000) {
    return RecordStore({.folder = folder_.path() / "store", .max_records = max_records});
  }

  TemporaryFolder folder_{"storage-test-"};
  std::filesystem::path records_ = folder_.path() / "store" / "records";
  std::filesystem::path index_ = folder_.path() / "store" / "index.sqlite";
};

TEST_F(RecordStoreTest, GivesBackWhatWasPut) {
  auto store = open();
  const std::string binary("\0\xFF\n%", 4);
  const std::vector<std::pair<std::string, std::string>> records = {
      {"empty", ""}, {"binary", binary}, {"ключ/キー", "значение"}, {"large", std::string(100'000, 'x')}};
  for (const auto& [key, content] : records) store.put(key, content);
  for (const auto& [key, content] : records) EXPECT_EQ(store.find(key), content) << key;
  EXPECT_EQ(store.count(), 4);
  EXPECT_THAT(store.find_problems(), IsEmpty());
}

TEST_F(RecordStoreTest, UpdateReplacesTheContent) {
  auto store = open();
  store.put("a", "first, longer");
  store.put("a", "second");
  EXPECT_EQ(store.find("a"), "second");
  EXPECT_EQ(store.count(), 1);
  EXPECT_THAT(names_in(records_), ElementsAre("a.record"));
}

TEST_F(RecordStoreTest, RemoveTakesTheFileAndSaysWhetherThereWasOne) {
  auto store = open();
  store.put("a", "alpha");
  EXPECT_TRUE(store.remove("a"));
  EXPECT_FALSE(store.remove("a"));
  EXPECT_EQ(store.find("a"), std::nullopt);
  EXPECT_THAT(names_in(records_), IsEmpty());
}

TEST_F(RecordStoreTest, BeyondItsLimitTheRecordNotWrittenForLongestGoes) {
  auto store = open(2);
  for (const auto* key : {"a", "b", "a", "c"}) store.put(key, key);
  EXPECT_EQ(store.find("b"), std::nullopt);
  EXPECT_THAT(names_in(records_), ElementsAre("a.record", "c.record"));
  EXPECT_EQ(store.count(), 2);
}

TEST_F(RecordStoreTest, SmallerLimitHoldsOnOpening) {
  for (const auto* key : {"a", "b", "c"}) open().put(key, key);
  EXPECT_EQ(open(1).count(), 1);
  EXPECT_THAT(names_in(records_), ElementsAre("c.record"));
}

TEST_F(RecordStoreTest, LimitIsAtLeastOneRecord) { EXPECT_THROW(open(0), std::invalid_argument); }

TEST_F(RecordStoreTest, RecordsOutliveTheStore) {
  open().put("a", "alpha");
  EXPECT_EQ(open().find("a"), "alpha");
}

TEST_F(RecordStoreTest, CrashBetweenWriteAndRenameLeavesTheOldRecord) {
  open().put("a", "old");
  put_file(records_ / "a.record.0.tmp", "ne");  // What a killed writer leaves; see AtomicFileTest.
  auto store = open();
  EXPECT_EQ(store.find("a"), "old");
  EXPECT_THAT(names_in(records_), ElementsAre("a.record"));
  EXPECT_THAT(store.find_problems(), IsEmpty());
}

TEST_F(RecordStoreTest, CrashBetweenRenameAndIndexIsFoundAndMended) {
  auto store = open();
  store.put("a", "old");
  put_file(records_ / "a.record", "new content");
  EXPECT_THROW((void)store.find("a"), DamagedRecord);
  EXPECT_THAT(store.find_problems(), ElementsAre(Problem{Damage::wrong_size, "a"}));
  store.rebuild_index();
  EXPECT_EQ(store.find("a"), "new content");
}

TEST_F(RecordStoreTest, DamagedRecordIsNotHandedOut) {
  auto store = open();
  store.put("video/1", "alpha");
  std::filesystem::remove(records_ / "video%2F1.record");
  try {
    (void)store.find("video/1");
    FAIL() << "a record without a file was found";
  } catch (const DamagedRecord& error) {
    EXPECT_STREQ(error.what(), "record 'video/1' is damaged: its file is missing");
  }
}

TEST_F(RecordStoreTest, DamagedRecordCanBeReplacedAndRemoved) {
  auto store = open();
  for (const auto* key : {"a", "b"}) store.put(key, "content");
  for (const auto* name : {"a.record", "b.record"}) std::filesystem::remove(records_ / name);
  store.put("a", "new");
  EXPECT_EQ(store.find("a"), "new");
  EXPECT_TRUE(store.remove("b"));
  EXPECT_THAT(store.find_problems(), IsEmpty());
}

TEST_F(RecordStoreTest, DeletedIndexIsRebuiltOnOpening) {
  for (const auto* key : {"a", "b"}) open().put(key, key);
  std::filesystem::remove(index_);
  auto store = open();
  EXPECT_EQ(store.find("a"), "a");
  EXPECT_EQ(store.find("b"), "b");
  EXPECT_THAT(store.find_problems(), IsEmpty());
}

TEST_F(RecordStoreTest, RebuiltIndexTakesAgeFromTheFiles) {
  auto store = open();
  for (const auto* key : {"a", "b"}) store.put(key, key);
  const auto time = std::filesystem::last_write_time(records_ / "a.record");
  std::filesystem::last_write_time(records_ / "b.record", time - std::chrono::hours(1));
  std::filesystem::remove(index_);
  EXPECT_EQ(open(1).find("a"), "a");
  EXPECT_THAT(names_in(records_), ElementsAre("a.record"));
}

TEST_F(RecordStoreTest, IndexThatIsNoDatabaseIsAnErrorAndKeepsTheRecords) {
  open().put("a", "alpha");
  put_file(index_, std::string(4096, '?'));
  EXPECT_THROW(open(), DatabaseError);
  EXPECT_EQ(content_of(records_ / "a.record"), "alpha");
}

TEST_F(RecordStoreTest, FailedWriteKeepsTheOldRecord) {
  auto store = open();
  store.put("a", "old");
  std::filesystem::rename(records_, records_.native() + ".moved");
  EXPECT_THROW(store.put("a", "new"), std::filesystem::filesystem_error);
  std::filesystem::rename(records_.native() + ".moved", records_);
  EXPECT_EQ(store.find("a"), "old");
  EXPECT_THAT(store.find_problems(), IsEmpty());
}

TEST_F(RecordStoreTest, FolderThatIsAFileIsAnErrorWithItsPath) {
  put_file(folder_.path() / "store", "");
  try {
    open();
    FAIL() << "opened a store in a file";
  } catch (const std::filesystem::filesystem_error& error) {
    EXPECT_THAT(error.what(), HasSubstr((folder_.path() / "store").string()));
  }
}

TEST_F(RecordStoreTest, KeysThatCannotBeNamesAreRefused) {
  auto store = open();
  for (const auto& key : {std::string(), std::string(300, 'k')}) {
    EXPECT_THROW(store.put(key, "x"), std::invalid_argument) << key;
  }
  EXPECT_EQ(store.count(), 0);
}

TEST_F(RecordStoreTest, DurableStoreKeepsRecordsAsWell) {
  RecordStore store({.folder = folder_.path() / "durable", .durability = Durability::durable});
  store.put("a", "alpha");
  EXPECT_EQ(store.find("a"), "alpha");
}

}  // namespace
}  // namespace storage
