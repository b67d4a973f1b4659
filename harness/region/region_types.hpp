// Live objects by type as the probe left them in its region: names as the compiler has them.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "record/record.hpp"

namespace soak::region {

struct RegionType {
  std::string name;  ///< As std::type_info::name() has it, or any text of the program's.
  record::TypeSource source = record::TypeSource::counted;
  /// At the readings where it was counted; one without an iteration (probe::absent) is the program's end.
  std::vector<record::LivePoint> history;
};

struct RegionTypes {
  std::string vtables_unavailable;  ///< Why live blocks were not looked at, though call sites were on; else empty.
  std::int64_t overflows = 0;       ///< Types, at all readings together, that there was no room for.
  std::vector<RegionType> types;
};

/// Empty where the file is no region or nothing was counted. Never reads beyond the file.
[[nodiscard]] RegionTypes read_region_types(const std::filesystem::path& file);

}  // namespace soak::region
