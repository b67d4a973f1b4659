#include "process/process_tree.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>

#include <csignal>

#include "process/proc_files.hpp"

namespace soak::process {
namespace {

constexpr std::size_t most_itemised = 64;

void add_process(pid_t pid, TreeFigures& tree) {
  const auto stat = read_stat(pid);
  if (!stat) return;
  const auto open_files = count_open_files(pid);
  tree.rss_bytes += stat->rss_bytes;
  tree.vms_bytes += stat->vms_bytes;
  tree.cpu_seconds += stat->cpu_seconds;
  tree.threads += stat->threads;
  tree.zombies += stat->is_zombie() ? 1 : 0;
  tree.open_files += open_files.value_or(0);
  if (!open_files && !stat->is_zombie()) tree.open_files_are_known = false;
  if (tree.processes.size() < most_itemised)
    tree.processes.push_back({stat->name, pid, stat->rss_bytes, stat->threads, open_files.value_or(0)});
}

void add_tree(pid_t root, TreeFigures& tree) {
  add_process(root, tree);
  for (const auto child : children_of(root)) {
    ++tree.children;
    add_tree(child, tree);
  }
}

constexpr pid_t no_process = 0;

void end_all_but(pid_t leader) {
  // An orphan that is killed may have children, which come to us next.
  for (auto orphans = children_of_this_thread(); !orphans.empty(); orphans = children_of_this_thread()) {
    std::erase(orphans, leader);
    if (orphans.empty()) return;
    for (const auto orphan : orphans) kill(orphan, SIGKILL);
    for (const auto orphan : orphans) waitpid(orphan, nullptr, 0);
  }
}

}  // namespace

TreeFigures read_process_tree(pid_t root) {
  TreeFigures tree;
  add_tree(root, tree);
  return tree;
}

std::int64_t tree_resident_bytes(pid_t root) {
  std::int64_t bytes = resident_bytes(root).value_or(0);
  for (const auto child : children_of(root)) bytes += tree_resident_bytes(child);
  return bytes;
}

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

std::vector<std::string> processes_left(pid_t group) {
  std::vector<std::string> names;
  for (const auto child : children_of_this_thread()) {
    if (child == group) continue;
    if (auto stat = read_stat(child); stat && !stat->is_zombie()) names.push_back(std::move(stat->name));
  }
  return names;
}

void end_orphans() { end_all_but(no_process); }

void end_leftovers(pid_t group) {
  kill(-group, SIGKILL);
  end_all_but(group);
}

}  // namespace soak::process
