#include "run/record_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <system_error>

#include "base/user_error.hpp"
#include "test_folder.hpp"

namespace soak::run {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

TEST(RecordWriter, NamesTheFolderAfterTimeAndCommitAndKeepsRunsOfTheSameSecondApart) {
  const TestFolder results;
  const RecordWriter first(results.path(), "0123456789abcdef0123456789abcdef01234567");
  const RecordWriter second(results.path(), "0123456789abcdef0123456789abcdef01234567");
  EXPECT_THAT(first.id(), testing::MatchesRegex("[0-9]{8}T[0-9]{6}Z-0123456789ab"));
  EXPECT_NE(first.folder(), second.folder());
  EXPECT_THAT(RecordWriter(results.path(), "").id(), testing::HasSubstr("-nocommit"));
}

TEST(RecordWriter, RefusesAFolderThatCannotBeWritten) { EXPECT_THROW(RecordWriter("/proc/results", "c"), UserError); }

TEST(RecordWriter, PointsLatestAtTheNewest) {
  const TestFolder results;
  const RecordWriter first(results.path(), "a"), second(results.path(), "b");
  first.point_latest_here();
  EXPECT_EQ(fs::read_symlink(results.path() / "latest"), first.id());
  second.point_latest_here();
  EXPECT_EQ(fs::read_symlink(results.path() / "latest"), second.id());
}

TEST(RecordWriter, SaysThatLatestCannotBeMovedWhereItIsAFolder) {
  const TestFolder results;
  fs::create_directories(results.path() / "latest" / "somebody's");
  EXPECT_THROW(RecordWriter(results.path(), "a").point_latest_here(), std::system_error);
}

TEST(RecordWriter, RemovesItsWork) {
  const TestFolder results;
  const RecordWriter writer(results.path(), "a");
  EXPECT_TRUE(fs::exists(writer.work_folder()));
  writer.remove_work_folder();
  EXPECT_FALSE(fs::exists(writer.work_folder()));
}

TEST(RecordWriter, MergesRowsOfAllChildrenUnderOneContext) {
  const TestFolder results;
  RecordWriter writer(results.path(), "abc");
  record::Run run;
  run.commit = "abc";
  run.fingerprint = {{"allocator", "glibc"}};
  writer.add_benchmark_rows(R"({"context": {"num_cpus": 2}, "benchmarks": [{"name": "A"}]})", 0, 1);
  writer.add_benchmark_rows("no JSON", 0, 1);
  writer.add_benchmark_rows(R"({"context": {"num_cpus": 4}, "benchmarks": [{"name": "B", "repetitions": 1}]})", 1, 3);
  writer.save_benchmark(run);
  const auto merged = json::parse(content_of(writer.folder() / "benchmark.json"));
  EXPECT_EQ(merged["context"]["num_cpus"], 2);
  EXPECT_EQ(merged["context"]["soak_allocator"], "glibc");
  EXPECT_EQ(merged["context"]["soak_commit"], "abc");
  EXPECT_EQ(merged["benchmarks"],
            json::parse(R"([{"name": "A"}, {"name": "B", "repetitions": 3, "repetition_index": 1}])"));
}

}  // namespace
}  // namespace soak::run
