// A process and all it started: looked at from outside, and ended when it leaves something behind.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::process {

struct TreeFigures {
  std::int64_t rss_bytes = 0, vms_bytes = 0, threads = 0, open_files = 0;  ///< Summed over the tree.
  std::int64_t children = 0, zombies = 0;  ///< Its members but the root; ended ones that nobody waited for.
  double cpu_seconds = 0;
  bool open_files_are_known = true;               ///< False where some process of it may not be looked into.
  std::vector<record::ProcessFigures> processes;  ///< The root first; at most 64 of them.
};

/// What /proc tells. The root that is gone gives no process at all. Pages that several of them share count once for
/// each.
[[nodiscard]] TreeFigures read_process_tree(pid_t root);

/// Bytes; pages that several of them share count once for each. 0 where the process is gone.
[[nodiscard]] std::int64_t tree_resident_bytes(pid_t root);

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
