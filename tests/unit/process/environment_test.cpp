#include "process/environment.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <optional>

#include "test_folder.hpp"

namespace soak::process {
namespace {

using testing::ElementsAre;
using List = std::vector<std::string>;
using Map = std::map<std::string, std::string>;

TEST(ChildEnvironment, LeavesOutWhatGoogleBenchmarkAndTheProbeWouldObey) {
  EXPECT_THAT(child_environment(List{"PATH=/bin", "BENCHMARK_REPETITIONS=5", "BENCHMARK_DRY_RUN=1", "SOAK_PROBE=off",
                                     "SOAK_ITERATIONS=3", "DEBUGINFOD_URLS=http://x", "HOME=/h"},
                                Map{}),
              ElementsAre("HOME=/h", "PATH=/bin"));
}

TEST(ChildEnvironment, LetsAdditionsWin) {
  EXPECT_THAT(child_environment(List{"A=1", "B=2"}, Map{{"A", "3"}, {"SOAK_REGION", "/r"}}),
              ElementsAre("A=3", "B=2", "SOAK_REGION=/r"));
}

TEST(ChildEnvironment, KeepsEmptyValuesAndEqualSigns) {
  EXPECT_THAT(child_environment(List{"EMPTY=", "URL=a=b=c"}, Map{}), ElementsAre("EMPTY=", "URL=a=b=c"));
}

/// PATH as given while it lives; null: not set.
class PathVariable {
 public:
  explicit PathVariable(const char* value) {
    if (value == nullptr)
      unsetenv("PATH");
    else
      setenv("PATH", value, 1);
  }
  ~PathVariable() { setenv("PATH", before_.c_str(), 1); }
  PathVariable(const PathVariable&) = delete;
  PathVariable& operator=(const PathVariable&) = delete;

 private:
  std::string before_ = std::getenv("PATH");
};

TEST(FindProgram, LooksWhereExecvpDoes) {
  const TestFolder folder;
  std::filesystem::create_directories(folder / "first/tool");
  std::filesystem::create_directories(folder / "second");
  std::ofstream(folder / "second/notes") << "text";
  for (const auto* const name : {"second/tool", "second/other"}) {
    std::ofstream(folder / name) << "#!/bin/sh\n";
    std::filesystem::permissions(folder / name, std::filesystem::perms::owner_all);
  }
  const auto both = (folder / "first").string() + ":" + (folder / "second").string();
  const auto tool = (folder / "second/tool").string();
  const struct {
    const char* what;
    const char* path;
    std::string name;
    std::optional<std::string> found;
  } cases[] = {
      {"a folder of that name is passed over", both.c_str(), "tool", tool},
      {"a file that may not be executed is passed over", both.c_str(), "notes", std::nullopt},
      {"a name with a slash is a path", "/nowhere", tool, tool},
      {"a path to nothing", both.c_str(), "/nowhere/tool", std::nullopt},
      {"no such program", both.c_str(), "nothing", std::nullopt},
      {"no PATH: the system's folders", nullptr, "sh", "/bin/sh"},
      {"an empty entry at the end is the current folder", "/nowhere:", "other", "./other"},
      {"an empty PATH is the current folder", "", "other", "./other"},
  };
  const auto here = std::filesystem::current_path();
  std::filesystem::current_path(folder / "second");
  for (const auto& one : cases) {
    const PathVariable variable(one.path);
    const auto found = find_program(one.name);
    EXPECT_EQ(found ? std::optional(found->string()) : std::nullopt, one.found) << one.what;
  }
  std::filesystem::current_path(here);
}

}  // namespace
}  // namespace soak::process
