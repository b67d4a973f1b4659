// Runs a piece of a test in a forked child: what it asks of the process must not be left behind in this one.
#pragma once

#include <sys/wait.h>
#include <unistd.h>

namespace soak::probe {

/// What `body` returns, through the child's exit status: 0 to 255; -1 where the child was killed.
template <typename Body>
int in_child(Body body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace soak::probe
