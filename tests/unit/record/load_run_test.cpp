#include <gmock/gmock.h>

#include "base/user_error.hpp"
#include "record/record_file.hpp"
#include "test_folder.hpp"

namespace soak::record {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Run small_run() {
  Run run;
  run.id = "small";
  run.scenarios.emplace_back().name = "A";
  return run;
}

std::string complaint_about(const std::filesystem::path& path) {
  try {
    (void)load_run(path);
  } catch (const UnreadableRecord& error) {
    return error.what();
  }
  return "accepted";
}

TEST(LoadRun, TakesTheFolderOrItsFile) {
  const TestFolder folder;
  write_run(small_run(), folder.path());
  EXPECT_EQ(load_run(folder.path()).id, "small");
  EXPECT_EQ(load_run(folder / "run.json").scenarios.at(0).name, "A");
}

TEST(LoadRun, TakesGoogleBenchmarksJson) {
  const TestFolder folder;
  const auto file = folder.write("bench.json", R"({"context": {}, "benchmarks": [{"name": "A/iterations:4"}]})");
  EXPECT_EQ(load_run(file).scenarios.at(0).name, "A");
}

TEST(LoadRun, APathThatIsNotThereIsAWrongRequest) {
  const TestFolder folder;
  EXPECT_THROW((void)load_run(folder / "absent"), UserError);
}

TEST(LoadRun, WhatIsNoRecordIsNamedWithAWayOut) {
  const TestFolder folder;
  const std::vector<std::tuple<std::string, std::string, std::string>> cases = {
      {"empty.json", "", ""},
      {"list.json", "[]", ""},
      {"foreign.json", R"({"hello": 1})", ""},
      {"verdict.json", R"({"schema_version": 1, "verdict": "pass", "scenarios": []})", "run.json"},
      {"half.json", R"({"context": {"date": "20)", "line 1, column"},
  };
  for (const auto& [name, content, expected] : cases)
    EXPECT_THAT(complaint_about(folder.write(name, content)), AllOf(HasSubstr(name), HasSubstr(expected)));
}

TEST(LoadRun, WhatIsThereAndCannotBeReadIsNamedToo) {
  const TestFolder folder;
  std::filesystem::create_directory(folder / "run.json");
  EXPECT_THAT(complaint_about(folder.path()), HasSubstr("run.json: "));
}

TEST(LoadRun, AFolderWithoutARecordPointsToTheNewestOne) {
  const TestFolder folder;
  EXPECT_THAT(complaint_about(folder.path()), AllOf(HasSubstr("run.json"), Not(HasSubstr("latest"))));
  std::filesystem::create_directory(folder / "latest");
  EXPECT_THAT(complaint_about(folder.path()), HasSubstr((folder / "latest").string()));
}

}  // namespace
}  // namespace soak::record
