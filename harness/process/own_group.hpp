// How every child of the runner starts: in a process group of its own, and not to outlive the runner.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/process/v2/posix/default_launcher.hpp>
#include <csignal>

namespace soak::process {

/// An initialiser of Boost.Process, run in the child between fork and exec.
struct OwnGroup {
  pid_t runner = getpid();

  boost::system::error_code on_exec_setup(boost::process::v2::posix::default_launcher&,
                                          const boost::process::v2::filesystem::path&, const char* const*) const {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != runner) _exit(127);  // it died before the line above
    // What the runner ignores or blocks is not the child's to inherit.
    std::signal(SIGPIPE, SIG_DFL);
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, nullptr);
    return {};
  }
};

}  // namespace soak::process
