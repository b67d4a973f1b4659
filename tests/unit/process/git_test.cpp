#include "process/git.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>

#include "test_folder.hpp"

namespace soak::process {
namespace {

/// A repository with one commit of one file.
class Git : public testing::Test {
 protected:
  Git() {
    std::ofstream(folder_ / "file") << "text\n";
    for (const std::vector<std::string>& arguments :
         {std::vector<std::string>{"init", "-q"},
          {"add", "file"},
          {"-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "one"}})
      EXPECT_TRUE(run_git(folder_.path(), arguments).succeeded());
  }
  TestFolder folder_;
};

TEST_F(Git, AnswersOrSaysWhyNot) {
  const auto good = run_git(folder_.path(), {"log", "--format=%s"});
  EXPECT_TRUE(good.succeeded());
  EXPECT_EQ(good.output, "one\n");
  const auto bad = run_git(folder_.path(), {"rev-parse", "--verify", "nothing"});
  EXPECT_FALSE(bad.succeeded());
  EXPECT_FALSE(bad.is_missing);
  EXPECT_NE(bad.error, "");
}

TEST_F(Git, IsAskedAboutTheFolderWhateverAHookHasSet) {
  setenv("GIT_DIR", "/nowhere", 1);
  EXPECT_TRUE(run_git(folder_.path(), {"status"}).succeeded());
  EXPECT_EQ(git_state_of(folder_.path()).commit.size(), 40U);
  unsetenv("GIT_DIR");
}

TEST_F(Git, StateIsTheCommitAndWhetherTrackedFilesDiffer) {
  EXPECT_FALSE(git_state_of(folder_.path()).dirty);
  std::ofstream(folder_ / "untracked") << "text\n";
  EXPECT_FALSE(git_state_of(folder_.path()).dirty);
  std::ofstream(folder_ / "file") << "other\n";
  EXPECT_TRUE(git_state_of(folder_.path()).dirty);
}

TEST_F(Git, WorkingTreeIsTheTopOrTheFolderItself) {
  const TestFolder outside;
  std::filesystem::create_directories(folder_ / "a/b");
  EXPECT_EQ(working_tree_of(folder_ / "a/b"), folder_.path());
  EXPECT_EQ(working_tree_of(outside.path()), outside.path());
  EXPECT_EQ(git_state_of(outside.path()).commit, "");
}

}  // namespace
}  // namespace soak::process
