#include "probe/process_stat.hpp"

#include "probe/path_builder.hpp"

namespace soak::probe {
namespace {

constexpr int state_field = 3, start_field = 22;

std::size_t behind_name(Text stat) noexcept {
  for (auto position = stat.size; position > 0; --position)
    if (stat.begin[position - 1] == ')') return position;
  return stat.size;
}

std::size_t behind_blank(Text stat, std::size_t position) noexcept {
  while (position < stat.size && stat.begin[position] != ' ') ++position;
  return position < stat.size ? position + 1 : stat.size;
}

}  // namespace

ProcessStat parse_process_stat(Text stat) noexcept {
  auto position = behind_blank(stat, behind_name(stat));
  ProcessStat found;
  if (position < stat.size) found.state = stat.begin[position];
  for (int field = state_field; field < start_field; ++field) position = behind_blank(stat, position);
  const auto ticks = parse_number(stat, position);
  if (ticks >= 0) found.start_ticks = ticks;
  return found;
}

ProcessStat read_process_stat(std::int64_t pid) noexcept {
  char buffer[1024];
  PathBuilder path;
  return parse_process_stat(read_small_file(path.add("/proc/").add(pid).add("/stat").text, buffer, sizeof(buffer)));
}

}  // namespace soak::probe
