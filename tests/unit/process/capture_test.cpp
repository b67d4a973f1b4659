#include <gmock/gmock.h>

#include "golden.hpp"
#include "process/child_process.hpp"

namespace soak::process {
namespace {

TEST(Capture, KeepsStandardOutputAndStandardErrorApart) {
  const auto captured = capture("sh", {"-c", "echo out; echo err >&2; exit 3"});
  EXPECT_EQ(captured.output, "out\n");
  EXPECT_EQ(captured.errors, "err\n");
  EXPECT_EQ(captured.exit_status, 3);
  EXPECT_EQ(captured.error, "");
}

TEST(Capture, SaysWhyAProgramCouldNotBeStarted) {
  const auto captured = capture("/nowhere/program", {});
  EXPECT_EQ(captured.exit_status, -1);
  EXPECT_EQ(captured.error, "No such file or directory");
}

TEST(Capture, SaysWhichSignalItDiedOf) {
  const auto captured = capture("sh", {"-c", "kill -KILL $$"});
  EXPECT_EQ(captured.exit_status, -1);
  EXPECT_THAT(captured.error, testing::HasSubstr("Killed"));
  expect_wording("", captured.error);
}

TEST(Capture, EndsAProgramThatTakesTooLong) {
  const auto captured = capture("sleep", {"600"}, std::chrono::milliseconds{20});
  EXPECT_EQ(captured.exit_status, -1);
  expect_wording("", captured.error);
}

TEST(Capture, DoesNotWaitForWhatHoldsThePipesBehindTheProgram) {
  const auto captured = capture("sh", {"-c", "sleep 600 & echo done"});
  EXPECT_EQ(captured.output, "done\n");
  EXPECT_EQ(captured.exit_status, 0);
}

TEST(Capture, EndsAProgramThatPrintsWithoutEnd) {
  const auto captured = capture("yes", {});
  EXPECT_EQ(captured.exit_status, -1);
  expect_wording("", captured.error);
}

}  // namespace
}  // namespace soak::process
