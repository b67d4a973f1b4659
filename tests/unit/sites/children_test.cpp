// Child processes by call site.
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "own_resources.hpp"

namespace soak::probe {
namespace {

TEST(ChildrenByCallSite, AreThereUntilTheyAreWaitedFor) {
  const auto before = live(layout::SiteKind::child);
  const auto ended = [] {
    const pid_t child = fork();
    if (child == 0) _exit(3);
    return child;
  };
  int status = 0;
  siginfo_t info{};
  const pid_t first = ended();
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1);
  EXPECT_EQ(waitid(P_PID, static_cast<id_t>(first), &info, WEXITED | WNOWAIT), 0);
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1) << "looked at only";
  EXPECT_EQ(waitpid(first, &status, 0), first);
  EXPECT_EQ(WEXITSTATUS(status), 3);
  EXPECT_EQ(live(layout::SiteKind::child), before) << "waitpid";
  const pid_t second = ended();
  EXPECT_EQ(waitid(P_PID, static_cast<id_t>(second), nullptr, WEXITED), 0);
  EXPECT_EQ(live(layout::SiteKind::child), before) << "waitid";
  const pid_t third = ended();
  EXPECT_EQ(wait4(third, nullptr, 0, nullptr), third);
  EXPECT_EQ(live(layout::SiteKind::child), before) << "wait4";
  const pid_t fourth = ended();
  EXPECT_EQ(wait(nullptr), fourth);
  EXPECT_EQ(live(layout::SiteKind::child), before) << "wait";
}

TEST(ChildrenByCallSite, StoppedIsStillThere) {
  const auto before = live(layout::SiteKind::child);
  const pid_t child = fork();
  if (child == 0) {
    raise(SIGSTOP);
    _exit(0);
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, WUNTRACED), child);
  EXPECT_TRUE(WIFSTOPPED(status));
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1);
  kill(child, SIGCONT);
  EXPECT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(live(layout::SiteKind::child), before);
}

TEST(ChildrenByCallSite, SpawnedAndPopenedAreFollowed) {
  const auto before = live(layout::SiteKind::child);
  char name[] = "true";
  char* arguments[] = {name, nullptr};
  pid_t child = 0;
  ASSERT_EQ(posix_spawnp(&child, name, nullptr, nullptr, arguments, environ), 0);
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  EXPECT_EQ(live(layout::SiteKind::child), before);
  char missing[] = "/none/such";
  EXPECT_EQ(posix_spawn(&child, missing, nullptr, nullptr, arguments, environ), ENOENT);
  EXPECT_EQ(live(layout::SiteKind::child), before);
  auto* const command = popen("true", "r");
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1);
  EXPECT_EQ(pclose(command), 0);
  EXPECT_EQ(live(layout::SiteKind::child), before);
}

TEST(ChildrenByCallSite, ReapedBehindOurBackAreGoneAtTheNextReading) {
  const auto before = live(layout::SiteKind::child);
  const pid_t child = fork();
  if (child == 0) _exit(0);
  EXPECT_EQ(syscall(SYS_wait4, child, nullptr, 0, nullptr), child);
  EXPECT_EQ(live(layout::SiteKind::child) - before, 1);
  settle();
  EXPECT_EQ(live(layout::SiteKind::child), before);
}

TEST(ChildrenByCallSite, MadeByVforkAreUnknown) {
  settle();
  const auto before = unknown_resources(layout::SiteKind::child);
  const pid_t child = vfork();
  if (child == 0) _exit(0);
  settle();
  EXPECT_EQ(unknown_resources(layout::SiteKind::child) - before, 1);
  EXPECT_EQ(waitpid(child, nullptr, 0), child);
  settle();
  EXPECT_EQ(unknown_resources(layout::SiteKind::child), before);
}

}  // namespace
}  // namespace soak::probe
