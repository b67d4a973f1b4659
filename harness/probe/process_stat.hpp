// What /proc/PID/stat says about a process.
#pragma once

#include "probe/small_file.hpp"
#include "region/layout/region_layout.hpp"

namespace soak::probe {

struct ProcessStat {
  char state = '\0';                          ///< As in proc(5): R, S, Z...; zero where there is no such process.
  std::int64_t start_ticks = layout::absent;  ///< From boot; with the number, this tells a process from all others.
};

/// "1234 (name with ) and spaces) Z 1 ...": the fields stand behind the last closing parenthesis.
[[nodiscard]] ProcessStat parse_process_stat(Text stat) noexcept;
[[nodiscard]] ProcessStat read_process_stat(std::int64_t pid) noexcept;

}  // namespace soak::probe
