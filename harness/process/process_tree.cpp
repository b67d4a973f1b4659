#include "process/process_tree.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace soak::process {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_itemised = 64;

/// Fields of /proc/PID/stat behind the name, which may hold anything (proc(5)).
struct Stat {
  std::string name;
  char state = 0;
  double cpu_seconds = 0;
  std::int64_t threads = 0, vms_bytes = 0, rss_bytes = 0;
};

bool read_stat(pid_t pid, Stat& stat) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  const auto open = text.find('('), close = text.rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return false;
  stat.name = text.substr(open + 1, close - open - 1);
  std::istringstream fields(text.substr(close + 1));
  std::string skipped;
  std::int64_t user_ticks = 0, system_ticks = 0, pages = 0;
  fields >> stat.state;
  for (int i = 0; i < 10; ++i) fields >> skipped;
  fields >> user_ticks >> system_ticks >> skipped >> skipped >> skipped >> skipped >> stat.threads;
  fields >> skipped >> skipped >> stat.vms_bytes >> pages;
  stat.rss_bytes = pages * sysconf(_SC_PAGESIZE);
  stat.cpu_seconds = static_cast<double>(user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return !fields.fail();
}

/// -1 where the folder may not be read.
std::int64_t count_open_files(pid_t pid) {
  std::error_code refused;
  const fs::directory_iterator files("/proc/" + std::to_string(pid) + "/fd", refused);
  return refused ? -1 : std::distance(begin(files), end(files));
}

std::vector<pid_t> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code gone;
  for (fs::directory_iterator thread("/proc/" + std::to_string(pid) + "/task", gone), end; !gone && thread != end;
       thread.increment(gone)) {
    std::ifstream list(thread->path() / "children");
    for (pid_t child = 0; list >> child;) children.push_back(child);
  }
  return children;
}

void add_process(pid_t pid, TreeFigures& tree) {
  Stat stat;
  if (!read_stat(pid, stat)) return;
  const auto open_files = count_open_files(pid);
  tree.rss_bytes += stat.rss_bytes;
  tree.vms_bytes += stat.vms_bytes;
  tree.cpu_seconds += stat.cpu_seconds;
  tree.threads += stat.threads;
  tree.zombies += stat.state == 'Z' ? 1 : 0;
  if (open_files >= 0) tree.open_files += open_files;
  if (open_files < 0 && stat.state != 'Z') tree.open_files_are_known = false;
  if (tree.processes.size() < most_itemised)
    tree.processes.push_back({stat.name, pid, stat.rss_bytes, stat.threads, std::max<std::int64_t>(open_files, 0)});
}

void add_tree(pid_t root, TreeFigures& tree) {
  add_process(root, tree);
  for (const auto child : children_of(root)) {
    ++tree.children;
    add_tree(child, tree);
  }
}

}  // namespace

TreeFigures read_process_tree(pid_t root) {
  TreeFigures tree;
  add_tree(root, tree);
  return tree;
}

}  // namespace soak::process
