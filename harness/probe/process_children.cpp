#include "probe/process_children.hpp"

#include <errno.h>
#include <sys/wait.h>

#include "probe/numbered_entries.hpp"
#include "probe/small_file.hpp"

namespace soak::probe {
namespace {

/// Appends a number and a piece of path; snprintf takes locale locks and may allocate.
struct PathBuilder {
  char text[64] = {};
  std::size_t size = 0;

  PathBuilder& add(const char* piece) noexcept {
    for (; *piece != '\0' && size + 1 < sizeof(text); ++piece) text[size++] = *piece;
    return *this;
  }
  PathBuilder& add(std::int64_t number) noexcept {
    char digits[24];
    std::size_t count = 0;
    do digits[count++] = static_cast<char>('0' + number % 10);
    while ((number /= 10) != 0);
    while (count > 0 && size + 1 < sizeof(text)) text[size++] = digits[--count];
    return *this;
  }
};

/// "1234 (name with ) and spaces) Z ...": the state stands behind the last closing parenthesis (proc(5), stat).
bool is_zombie(std::int64_t pid) noexcept {
  char buffer[512];
  PathBuilder path;
  const auto stat = read_small_file(path.add("/proc/").add(pid).add("/stat").text, buffer, sizeof(buffer));
  for (auto position = stat.size; position > 0; --position)
    if (stat.begin[position - 1] == ')') return position + 1 < stat.size && stat.begin[position + 1] == 'Z';
  return false;
}

void count_children_of_thread(Reading& reading, std::int64_t tid) noexcept {
  char buffer[16 * 1024];
  PathBuilder path;
  const auto list =
      read_small_file(path.add("/proc/self/task/").add(tid).add("/children").text, buffer, sizeof(buffer));
  std::size_t position = 0;
  for (std::int64_t pid = 0; (pid = parse_number(list, position)) > 0;) {
    ++reading.children;
    if (is_zombie(pid)) ++reading.zombies;
  }
}

bool has_no_children() noexcept {
  siginfo_t info;
  return waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT | __WALL) != 0 && errno == ECHILD;
}

}  // namespace

void count_children(Reading& reading) noexcept {
  const int saved_errno = errno;
  reading.children = reading.zombies = 0;
  if (!has_no_children())
    for_each_numbered_entry("/proc/self/task", [&](std::int64_t tid) { count_children_of_thread(reading, tid); });
  errno = saved_errno;
}

}  // namespace soak::probe
