#include "process/proc_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "process/process_tree.hpp"

namespace soak::process {
namespace {

/// A child that waits until the test is done with it.
class Child {
 public:
  Child() : pid_(fork()) {
    if (pid_ == 0) {
      pause();
      _exit(0);
    }
  }
  ~Child() { reap(); }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  /// Ended, and not waited for.
  void become_zombie() const {
    kill(pid_, SIGKILL);
    siginfo_t ended{};
    waitid(P_PID, static_cast<id_t>(pid_), &ended, WEXITED | WNOWAIT);
  }
  void reap() {
    if (pid_ <= 0) return;
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }

 private:
  pid_t pid_;
};

TEST(ProcFiles, DescribeALivingProcess) {
  const Child child;
  const auto stat = read_stat(child.pid());
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->threads, 1);
  EXPECT_GT(stat->vms_bytes, stat->rss_bytes);
  EXPECT_FALSE(stat->is_zombie());
  EXPECT_GT(resident_bytes(child.pid()).value_or(0), 0);
  EXPECT_GE(count_open_files(child.pid()).value_or(0), 3);
  EXPECT_EQ(executable_of(child.pid()), std::filesystem::read_symlink("/proc/self/exe"));
  EXPECT_THAT(children_of(getpid()), testing::Contains(child.pid()));
  EXPECT_THAT(children_of_this_thread(), testing::Contains(child.pid()));
  EXPECT_TRUE(process_exists(child.pid()));
}

TEST(ProcFiles, SayWhetherASignalIsCaught) {
  EXPECT_EQ(catches_signal(getpid(), SIGUSR2), false);
  std::signal(SIGUSR2, [](int) {});
  EXPECT_EQ(catches_signal(getpid(), SIGUSR2), true);
  std::signal(SIGUSR2, SIG_DFL);
}

TEST(ProcFiles, KnowAZombie) {
  const Child child;
  child.become_zombie();
  const auto stat = read_stat(child.pid());
  ASSERT_TRUE(stat);
  EXPECT_TRUE(stat->is_zombie());
  EXPECT_THAT(children_of(child.pid()), testing::IsEmpty());
}

TEST(ProcFiles, SayNothingOfAProcessThatIsGone) {
  Child child;
  const auto gone = child.pid();
  child.reap();
  EXPECT_FALSE(read_stat(gone));
  EXPECT_EQ(resident_bytes(gone), std::nullopt);
  EXPECT_EQ(count_open_files(gone), std::nullopt);
  EXPECT_EQ(catches_signal(gone, SIGTERM), std::nullopt);
  EXPECT_EQ(executable_of(gone), std::nullopt);
  EXPECT_THAT(children_of(gone), testing::IsEmpty());
  EXPECT_FALSE(process_exists(gone));
  EXPECT_THAT(read_process_tree(gone).processes, testing::IsEmpty());
  EXPECT_EQ(tree_resident_bytes(gone), 0);
}

/// Whatever moment it ends in: between two reads, or in the middle of one.
TEST(ProcFiles, BearAProcessThatEndsWhileItIsLookedAt) {
  for (int i = 0; i < 50; ++i) {
    const auto process = fork();
    if (process == 0) {
      for (int opened = 0; opened < 4 * i; ++opened) static_cast<void>(dup(0));
      _exit(0);
    }
    siginfo_t ended{};
    do {
      EXPECT_NO_THROW(static_cast<void>(read_process_tree(process)));
    } while (waitid(P_PID, static_cast<id_t>(process), &ended, WEXITED | WNOHANG) == 0 && ended.si_pid == 0);
    EXPECT_NO_THROW(static_cast<void>(read_process_tree(process)));
  }
}

}  // namespace
}  // namespace soak::process
