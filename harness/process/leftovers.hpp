// Processes that a child left behind.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

namespace soak::process {

/// From now on descendants whose parent ends become children of this process instead of init's, so that they can be
/// found (prctl(2), PR_SET_CHILD_SUBREAPER).
void adopt_orphans();

/// The names of processes that go on although `group`'s leader ended, in the group or not.
[[nodiscard]] std::vector<std::string> processes_left(pid_t group);

/// Kills every child of the calling thread, and waits for them; repeats until none comes up any more. Orphans come to
/// the process's first thread.
void end_orphans();

/// Kills what is left of the group and every child of the calling thread but the group's leader, and waits for them;
/// repeats until none comes up any more. The leader, if it is still there, is left to be waited for by whoever
/// started it.
void end_leftovers(pid_t group);

}  // namespace soak::process
