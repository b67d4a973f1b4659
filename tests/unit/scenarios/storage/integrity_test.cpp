#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <storage/checksum.hpp>
#include <storage/integrity.hpp>
#include <storage/record_store.hpp>

#include "test_files.hpp"

namespace storage {
namespace {

using storage_test::put_file;
using testing::ElementsAre;
using testing::IsEmpty;

TEST(Checksum, IsTheCrc32OfZip) {
  EXPECT_EQ(checksum_of("123456789"), 0xCBF43926U);
  EXPECT_EQ(checksum_of(""), 0U);
}

struct DamageCase {
  std::string name;
  std::function<void(const std::filesystem::path& records)> harm;
  std::vector<Problem> expected;
};
const std::vector<DamageCase> damage_cases = {
    {"nothing", [](const auto&) {}, {}},
    {"file deleted",
     [](const auto& records) { std::filesystem::remove(records / "a.record"); },
     {{Damage::missing_file, "a"}}},
    {"file truncated",
     [](const auto& records) { put_file(records / "a.record", "alph"); },
     {{Damage::wrong_size, "a"}}},
    {"file emptied", [](const auto& records) { put_file(records / "a.record", ""); }, {{Damage::wrong_size, "a"}}},
    {"one bit",
     [](const auto& records) { put_file(records / "a.record", "alphc"); },
     {{Damage::wrong_checksum, "a"}}},
    {"unknown record",
     [](const auto& records) { put_file(records / "c.record", ""); },
     {{Damage::not_in_index, "c"}}},
    {"unfinished write",
     [](const auto& records) { put_file(records / "a.record.0.tmp", "al"); },
     {{Damage::stray_file, "a.record.0.tmp"}}},
    {"everything at once",
     [](const auto& records) {
       put_file(records / "b.record", "?");
       put_file(records / "notes.txt", "");
       put_file(records / "0.record", "");
       std::filesystem::remove(records / "a.record");
     },
     {{Damage::missing_file, "a"},
      {Damage::wrong_size, "b"},
      {Damage::not_in_index, "0"},
      {Damage::stray_file, "notes.txt"}}},
};

TEST(FindProblems, NamesWhatDiffersBetweenIndexAndFiles) {
  for (const auto& [name, harm, expected] : damage_cases) {
    const TemporaryFolder folder("storage-test-");
    RecordStore store({.folder = folder.path()});
    store.put("a", "alpha");
    store.put("b", "beta");
    harm(folder.path() / "records");
    EXPECT_EQ(store.find_problems(), expected) << name;
  }
}

TEST(FindProblems, RebuildingTheIndexLeavesOnlyStrangers) {
  for (const auto& [name, harm, expected] : damage_cases) {
    const TemporaryFolder folder("storage-test-");
    RecordStore store({.folder = folder.path()});
    store.put("a", "alpha");
    store.put("b", "beta");
    harm(folder.path() / "records");
    store.rebuild_index();
    for (const auto& problem : store.find_problems()) EXPECT_EQ(problem.damage, Damage::stray_file) << name;
  }
}

}  // namespace
}  // namespace storage
