#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <storage/record_index.hpp>

#include "test_files.hpp"

namespace storage {
namespace {

using testing::ElementsAre;

class RecordIndexTest : public testing::Test {
 protected:
  std::vector<std::string> keys() {
    std::vector<std::string> found;
    index_.for_each([&](const std::string& key, const RecordEntry&) { found.push_back(key); });
    return found;
  }

  TemporaryFolder folder_{"storage-test-"};
  std::filesystem::path file_ = folder_.path() / "index.sqlite";
  RecordIndex index_{file_, Durability::fast};
};

TEST_F(RecordIndexTest, FindsWhatWasPut) {
  const RecordEntry large{std::int64_t{1} << 40, 0xFFFFFFFFU};
  index_.put("a", large);
  EXPECT_EQ(index_.find("a"), large);
  EXPECT_EQ(index_.find("A"), std::nullopt);
}

TEST_F(RecordIndexTest, PutReplaces) {
  index_.put("a", {1, 1});
  index_.put("a", {2, 2});
  EXPECT_EQ(index_.find("a"), (RecordEntry{2, 2}));
  EXPECT_EQ(index_.count(), 1);
}

TEST_F(RecordIndexTest, RemoveSaysWhetherThereWasOne) {
  index_.put("a", {1, 1});
  EXPECT_TRUE(index_.remove("a"));
  EXPECT_FALSE(index_.remove("a"));
  EXPECT_EQ(index_.count(), 0);
}

TEST_F(RecordIndexTest, OldestIsTheOneNotWrittenForLongest) {
  EXPECT_EQ(index_.oldest(), std::nullopt);
  for (const auto* key : {"c", "a", "b"}) index_.put(key, {1, 1});
  EXPECT_EQ(index_.oldest(), "c");
  index_.put("c", {2, 2});
  EXPECT_EQ(index_.oldest(), "a");
}

TEST_F(RecordIndexTest, AgeSurvivesReopening) {
  index_.put("b", {1, 1});
  RecordIndex reopened(file_, Durability::durable);
  EXPECT_FALSE(reopened.was_created());
  reopened.put("a", {1, 1});
  EXPECT_EQ(reopened.oldest(), "b");
}

TEST_F(RecordIndexTest, VisitsInTheOrderOfKeys) {
  for (const auto* key : {"c", "a", "b"}) index_.put(key, {1, 1});
  EXPECT_THAT(keys(), ElementsAre("a", "b", "c"));
}

TEST_F(RecordIndexTest, ReplaceAllKeepsTheOldWhereFillingFails) {
  index_.put("old", {1, 1});
  EXPECT_THROW(index_.replace_all([&] {
    index_.put("new", {1, 1});
    throw std::runtime_error("unreadable file");
  }),
               std::runtime_error);
  EXPECT_THAT(keys(), ElementsAre("old"));
  index_.replace_all([&] { index_.put("new", {1, 1}); });
  EXPECT_THAT(keys(), ElementsAre("new"));
}

}  // namespace
}  // namespace storage
