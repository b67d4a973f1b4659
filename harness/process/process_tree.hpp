// A process and all it started, looked at from outside.
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

}  // namespace soak::process
