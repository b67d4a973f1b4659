// How every child of the runner starts: in a process group of its own, and not to outlive the runner.
#pragma once

#include <sys/prctl.h>
#include <unistd.h>

#include <boost/process/v2/posix/default_launcher.hpp>
#include <csignal>

#include "process/signals.hpp"

namespace soak::process {

/// An initialiser of Boost.Process, run in the child between fork and exec.
struct OwnGroup {
  pid_t runner = getpid();

  boost::system::error_code on_exec_setup(boost::process::v2::posix::default_launcher&,
                                          const boost::process::v2::filesystem::path&, const char* const*) const {
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != runner) _exit(127);  // it died before the line above
    restore_default_signals();
    return {};
  }
};

}  // namespace soak::process
