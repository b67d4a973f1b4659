#include "process/child_log.hpp"

#include <gtest/gtest.h>

#include "golden.hpp"
#include "test_folder.hpp"

namespace soak::process {
namespace {

TEST(ChildLog, KeepsAShortOutputWhole) {
  const TestFolder folder;
  ChildLog log(folder.path() / "log");
  log.append("one\n");
  log.append("two\n");
  log.close();
  EXPECT_EQ(content_of(folder.path() / "log"), "one\ntwo\n");
  EXPECT_EQ(log.tail(), "one\ntwo\n");
  EXPECT_EQ(log.error(), "");
}

TEST(ChildLog, KeepsHeadAndTailOfALongOneAndSaysHowMuchIsMissing) {
  const TestFolder folder;
  ChildLog log(folder.path() / "log");
  const std::string head(ChildLog::head_limit, 'h'), middle(100'000, 'm'), tail(ChildLog::tail_limit, 't');
  log.append(head + middle);
  log.append(tail);
  log.close();
  const auto content = content_of(folder.path() / "log");
  EXPECT_TRUE(content.starts_with(head + "\n[soak ")) << content.substr(head.size(), 100);
  EXPECT_TRUE(content.ends_with("]\n" + tail));
  const auto mark = content.substr(head.size() + 1, content.size() - head.size() - tail.size() - 2);
  EXPECT_NE(mark.find("100000"), std::string::npos) << mark;
  expect_wording("", mark);
}

TEST(ChildLog, LeavesNothingOutWhenTheRestFitsIntoTheTail) {
  const TestFolder folder;
  ChildLog log(folder.path() / "log");
  const std::string head(ChildLog::head_limit, 'h');
  log.append(head + "rest");
  log.close();
  EXPECT_EQ(content_of(folder.path() / "log"), head + "rest");
}

TEST(ChildLog, ItsTailBeginsAtALine) {
  const TestFolder folder;
  ChildLog log(folder.path() / "log");
  log.append("a long first line\nthe second\nthe third\n");
  EXPECT_EQ(log.tail(15), "the third\n");
}

TEST(ChildLog, SaysWhereItCouldNotBeWrittenAndGoesOn) {
  ChildLog log("/nowhere/log");
  log.append("text\n");
  log.close();
  EXPECT_TRUE(log.error().ends_with("/nowhere/log: No such file or directory")) << log.error();
  EXPECT_EQ(log.tail(), "text\n");
}

}  // namespace
}  // namespace soak::process
