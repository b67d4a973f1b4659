#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "probe/os_figures.hpp"

namespace soak::probe {
namespace {

layout::Reading counted() {
  layout::Reading reading;
  count_children(reading);
  return reading;
}

/// Waits for a signal that ends it.
pid_t start_child() {
  const pid_t child = fork();
  if (child == 0)
    for (;;) pause();
  return child;
}

void end_child(pid_t child) {
  kill(child, SIGKILL);
  siginfo_t info;
  waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT);
}

TEST(CountChildren, CountsNoneWhereThereAreNone) {
  EXPECT_EQ(counted().children, 0);
  EXPECT_EQ(counted().zombies, 0);
}

TEST(CountChildren, CountsThoseNotWaitedForAndTheDeadAmongThem) {
  const pid_t alive = start_child(), dead = start_child();
  end_child(dead);
  EXPECT_EQ(counted().children, 2);
  EXPECT_EQ(counted().zombies, 1);
  end_child(alive);
  EXPECT_EQ(counted().zombies, 2);
  waitpid(alive, nullptr, 0);
  waitpid(dead, nullptr, 0);
  EXPECT_EQ(counted().children, 0);
}

TEST(CountChildren, CountsThoseOfEveryThread) {
  pid_t child = 0;
  std::thread([&child] { child = start_child(); }).join();
  EXPECT_EQ(counted().children, 1);
  end_child(child);
  waitpid(child, nullptr, 0);
}

/// Their list is longer than the buffer it is read through.
TEST(CountChildren, CountsHundreds) {
  std::vector<pid_t> children(300);
  for (auto& child : children) {
    child = fork();
    if (child == 0) _exit(0);
  }
  EXPECT_EQ(counted().children, 300);
  for (const auto child : children) waitpid(child, nullptr, 0);
}

}  // namespace
}  // namespace soak::probe
