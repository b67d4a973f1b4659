#include "process/signals.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>

#include "process/child_process.hpp"
#include "test_folder.hpp"

namespace soak::process {
namespace {

/// True if `holds` is true in a process of its own that inherited what `spoil` does and then reset it.
bool after_reset(const std::function<void()>& spoil, const std::function<bool()>& holds) {
  const auto process = fork();
  if (process == 0) {
    spoil();
    reset_inherited_state();
    _exit(holds() ? 0 : 1);
  }
  int status = 0;
  return waitpid(process, &status, 0) == process && status == 0;
}

void block_everything() {
  sigset_t all;
  sigfillset(&all);
  sigprocmask(SIG_SETMASK, &all, nullptr);
}

void allow_no_file_content() {
  const rlimit none{0, 0};
  setrlimit(RLIMIT_FSIZE, &none);
}

bool blocks_nothing() {
  sigset_t blocked;
  sigprocmask(SIG_SETMASK, nullptr, &blocked);
  return sigisemptyset(&blocked) != 0;
}

TEST(ResetInheritedState, UndoesWhatWouldFalsifyARun) {
  const TestFolder folder;
  const auto file = folder / "file";
  const auto exits_with_7 = [] { return capture("sh", {"-c", "exit 7"}).exit_status == 7; };
  const auto write_fails_with_EFBIG = [&] {
    const int descriptor = open(file.c_str(), O_CREAT | O_WRONLY, 0600);
    return write(descriptor, "x", 1) < 0 && errno == EFBIG;
  };
  const auto owner_may_do_all = [&] {
    struct stat status {};
    return mkdir((folder / "made").c_str(), 0777) == 0 && stat((folder / "made").c_str(), &status) == 0 &&
           (status.st_mode & 0777) == 0700;
  };
  const struct {
    const char* name;
    std::function<void()> spoil;
    std::function<bool()> holds;
  } cases[] = {
      {"SIGCHLD ignored: exit statuses are seen", [] { std::signal(SIGCHLD, SIG_IGN); }, exits_with_7},
      {"all signals blocked: none is", block_everything, blocks_nothing},
      {"all signals blocked: children end when asked to", block_everything,
       [] {
         return capture("sh", {"-c", "kill -TERM $$"}).error.ends_with("Terminated");
       }},
      {"file size limit: a write fails", allow_no_file_content, write_fails_with_EFBIG},
      {"umask 777: what is made can be used", [] { umask(0777); }, owner_may_do_all},
  };
  for (const auto& one : cases) EXPECT_TRUE(after_reset(one.spoil, one.holds)) << one.name;
}

TEST(ResetInheritedState, LeavesAnUsualUmaskAlone) {
  EXPECT_TRUE(after_reset([] { umask(027); }, [] { return umask(0) == 027; }));
}

TEST(RestoreDefaultSignals, LetsAChildDieOfAFileSizeLimit) {
  EXPECT_TRUE(after_reset(allow_no_file_content, [] {
    return capture("sh", {"-c", "kill -XFSZ $$"}).error.ends_with("File size limit exceeded");
  }));
}

}  // namespace
}  // namespace soak::process
