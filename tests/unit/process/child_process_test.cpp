#include "process/child_process.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "test_folder.hpp"

namespace soak::process {
namespace {

class RunChild : public testing::Test {
 protected:
  ChildOutcome run_shell(const std::string& script, std::chrono::milliseconds timeout = std::chrono::seconds{60}) {
    return run_child({.command = {"/bin/sh", {"-c", script}, {"PATH=/usr/bin:/bin", "A=b"}},
                      .log = folder_.path() / "log",
                      .timeout = timeout},
                     {});
  }
  [[nodiscard]] std::string log() const { return content_of(folder_.path() / "log"); }
  static bool has_children() { return waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

 private:
  TestFolder folder_;
};

TEST_F(RunChild, KeepsBothOutputsInTheOrderPrintedAndTheExitStatus) {
  const auto outcome = run_shell("echo out; echo err >&2; echo $A; exit 7");
  EXPECT_EQ(log(), "out\nerr\nb\n");
  EXPECT_EQ(outcome.output_tail, "out\nerr\nb\n");
  EXPECT_EQ(outcome.exit_status, 7);
  EXPECT_EQ(outcome.signal, std::nullopt);
  EXPECT_FALSE(outcome.timed_out);
}

TEST_F(RunChild, TellsASignalFromAnExit) {
  const auto outcome = run_shell("kill -SEGV $$");
  EXPECT_EQ(outcome.signal, SIGSEGV);
  EXPECT_EQ(outcome.exit_status, std::nullopt);
}

TEST_F(RunChild, GivesTheChildNoInput) { EXPECT_EQ(run_shell("read line || exit 5").exit_status, 5); }

TEST_F(RunChild, LetsTheChildDieOfABrokenPipe) {
  std::signal(SIGPIPE, SIG_IGN);  // as the soak command does
  EXPECT_EQ(run_shell("kill -PIPE $$").signal, SIGPIPE);
}

TEST_F(RunChild, EndsAChildThatExceedsItsTimeout) {
  const auto outcome = run_shell("echo before; exec sleep 600", std::chrono::milliseconds{100});
  EXPECT_TRUE(outcome.timed_out);
  EXPECT_EQ(outcome.signal, SIGTERM);
  EXPECT_EQ(outcome.output_tail, "before\n");
}

TEST_F(RunChild, LeavesNothingBehindWhetherInTheGroupOrNot) {
  const auto outcome = run_shell("sleep 600 & setsid sleep 600 & (trap '' TERM; sleep 600) & exit 0");
  EXPECT_EQ(outcome.exit_status, 0);
  EXPECT_FALSE(has_children());
}

TEST_F(RunChild, EndsAChildThatHoldsMoreThanItsMemoryLimit) {
  const TestFolder folder;
  const auto outcome = run_child({.command = {"/bin/sh",
                                              {"-c", "head -c 100000000 /dev/zero | tail -c 90000000 | sleep 600"},
                                              {"PATH=/usr/bin:/bin"}},
                                  .log = folder.path() / "log",
                                  .timeout = std::chrono::seconds{60},
                                  .memory_limit_bytes = 40 << 20},
                                 {});
  EXPECT_GT(outcome.exceeded_memory_bytes.value_or(0), 40 << 20);
  EXPECT_FALSE(outcome.timed_out);
  EXPECT_FALSE(has_children());
}

TEST_F(RunChild, EndsTheChildWhenTheRunIsInterrupted) {
  const TestFolder folder;
  Interrupts interrupts;
  kill(getpid(), SIGINT);
  const auto outcome = run_child({.command = {"/bin/sleep", {"600"}, {}},
                                  .log = folder.path() / "log",
                                  .timeout = std::chrono::seconds{60},
                                  .interrupts = &interrupts},
                                 {});
  EXPECT_TRUE(outcome.interrupted);
  EXPECT_TRUE(interrupts.requested());
  EXPECT_EQ(outcome.signal, SIGTERM);
}

TEST(InterruptsBetweenChildren, AreNotedAndEndNothing) {
  Interrupts interrupts;
  EXPECT_FALSE(interrupts.requested());
  kill(getpid(), SIGHUP);
  EXPECT_TRUE(interrupts.requested());
  EXPECT_TRUE(interrupts.requested()) << "it stays";
}

TEST_F(RunChild, SaysWhyItCouldNotBeStarted) {
  const TestFolder folder;
  const auto outcome = run_child({.command = {folder.path() / "nothing", {}, {}},
                                  .log = folder.path() / "log",
                                  .timeout = std::chrono::seconds{60}},
                                 {});
  EXPECT_EQ(outcome.start_error, "No such file or directory");
  EXPECT_EQ(outcome.exit_status, std::nullopt);
}

TEST_F(RunChild, ReadsAllOfALongOutput) {
  const auto outcome = run_shell("i=0; while [ $i -lt 20000 ]; do echo $i; i=$((i+1)); done");
  EXPECT_TRUE(log().ends_with("19998\n19999\n"));
  EXPECT_EQ(outcome.exit_status, 0);
}

}  // namespace
}  // namespace soak::process
