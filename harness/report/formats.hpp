// The formats of reports, by name.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "report/subject.hpp"

namespace soak::report {

struct Format {
  std::string_view name;       ///< As on the command line and in benchmarks.toml.
  std::string_view file_name;  ///< In the record's folder.
  std::string_view what;       ///< For `--help`.
  std::string (*render)(const Subject& subject);
};

[[nodiscard]] const std::vector<Format>& all_formats();
/// Null if no format has that name.
[[nodiscard]] const Format* find_format(std::string_view name);

}  // namespace soak::report
