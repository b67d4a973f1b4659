#include "process/proc_files.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <sstream>

namespace soak::process {
namespace fs = std::filesystem;
namespace {

fs::path folder_of(pid_t process) { return fs::path("/proc") / std::to_string(process); }

/// By read(2): a stream throws if the process ends between open and read.
std::optional<std::string> text_of(const fs::path& file) {
  const int descriptor = open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return {};
  std::string text;
  std::array<char, 4096> buffer{};
  ssize_t size = 0;
  do {
    size = read(descriptor, buffer.data(), buffer.size());
    if (size > 0) text.append(buffer.data(), static_cast<std::size_t>(size));
  } while (size > 0 || (size < 0 && errno == EINTR));
  close(descriptor);
  return size == 0 ? std::optional(std::move(text)) : std::nullopt;
}

void add_children(const fs::path& thread, std::vector<pid_t>& children) {
  std::istringstream list(text_of(thread / "children").value_or(""));
  for (pid_t child = 0; list >> child;) children.push_back(child);
}

}  // namespace

std::optional<ProcStat> read_stat(pid_t process) {
  const auto text = text_of(folder_of(process) / "stat");
  if (!text) return {};
  // The name stands in brackets and may itself hold any of them.
  const auto open = text->find('('), close = text->rfind(')');
  if (open == std::string::npos || close == std::string::npos || close < open) return {};
  ProcStat stat;
  stat.name = text->substr(open + 1, close - open - 1);
  std::istringstream fields(text->substr(close + 1));
  std::string skipped;
  std::int64_t user_ticks = 0, system_ticks = 0, pages = 0;
  fields >> stat.state;
  for (int i = 0; i < 10; ++i) fields >> skipped;
  fields >> user_ticks >> system_ticks >> skipped >> skipped >> skipped >> skipped >> stat.threads;
  fields >> skipped >> skipped >> stat.vms_bytes >> pages;
  if (fields.fail()) return {};
  stat.rss_bytes = pages * sysconf(_SC_PAGESIZE);
  stat.cpu_seconds = static_cast<double>(user_ticks + system_ticks) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return stat;
}

std::optional<std::int64_t> resident_bytes(pid_t process) {
  std::istringstream fields(text_of(folder_of(process) / "statm").value_or(""));
  std::int64_t size_pages = 0, resident_pages = 0;
  if (!(fields >> size_pages >> resident_pages)) return {};
  return resident_pages * sysconf(_SC_PAGESIZE);
}

std::optional<std::int64_t> count_open_files(pid_t process) {
  std::error_code error;
  std::int64_t count = 0;
  fs::directory_iterator file(folder_of(process) / "fd", error);
  for (; !error && file != fs::directory_iterator(); file.increment(error)) ++count;
  return error ? std::nullopt : std::optional(count);
}

std::optional<bool> catches_signal(pid_t process, int signal) {
  std::istringstream status(text_of(folder_of(process) / "status").value_or(""));
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("SigCgt:"))
      return (std::stoull(line.substr(7), nullptr, 16) >> (signal - 1) & std::uint64_t{1}) != 0;
  return {};
}

std::optional<fs::path> executable_of(pid_t process) {
  std::error_code error;
  auto program = fs::read_symlink(folder_of(process) / "exe", error);
  return error ? std::nullopt : std::optional(std::move(program));
}

bool process_exists(pid_t process) {
  std::error_code ignored;
  return fs::exists(folder_of(process), ignored);
}

std::vector<pid_t> children_of(pid_t process) {
  std::vector<pid_t> children;
  std::error_code gone;
  fs::directory_iterator thread(folder_of(process) / "task", gone);
  for (; !gone && thread != fs::directory_iterator(); thread.increment(gone)) add_children(thread->path(), children);
  return children;
}

std::vector<pid_t> children_of_this_thread() {
  std::vector<pid_t> children;
  add_children(fs::path("/proc/self/task") / std::to_string(gettid()), children);
  return children;
}

}  // namespace soak::process
