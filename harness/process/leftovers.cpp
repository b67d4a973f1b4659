#include "process/leftovers.hpp"

#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <string>
#include <vector>

namespace soak::process {
namespace {

std::vector<pid_t> own_children() {
  std::vector<pid_t> children;
  std::ifstream list("/proc/self/task/" + std::to_string(gettid()) + "/children");
  for (pid_t child = 0; list >> child;) children.push_back(child);
  return children;
}

constexpr pid_t no_process = 0;

void end_all_but(pid_t leader) {
  // An orphan that is killed may have children, which come to us next.
  for (auto orphans = own_children(); !orphans.empty(); orphans = own_children()) {
    std::erase(orphans, leader);
    if (orphans.empty()) return;
    for (const auto orphan : orphans) kill(orphan, SIGKILL);
    for (const auto orphan : orphans) waitpid(orphan, nullptr, 0);
  }
}

}  // namespace

void adopt_orphans() { prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

std::vector<std::string> processes_left(pid_t group) {
  std::vector<std::string> names;
  for (const auto child : own_children()) {
    std::ifstream stat("/proc/" + std::to_string(child) + "/stat");
    std::string text;
    std::getline(stat, text, '\0');
    const auto open = text.find('('), close = text.rfind(')');
    if (child == group || open == std::string::npos || close == std::string::npos) continue;
    if (text.substr(close).starts_with(") Z")) continue;  // ended
    names.push_back(text.substr(open + 1, close - open - 1));
  }
  return names;
}

void end_orphans() { end_all_but(no_process); }

void end_leftovers(pid_t group) {
  kill(-group, SIGKILL);
  end_all_but(group);
}

}  // namespace soak::process
