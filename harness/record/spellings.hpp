// Enumerators by their names in run.json.
#pragma once

#include <array>
#include <string_view>
#include <utility>

#include "record/record.hpp"

namespace soak::record {

inline constexpr std::array checkpoint_kinds{
    std::pair{CheckpointKind::baseline, std::string_view("baseline")},
    std::pair{CheckpointKind::interval, std::string_view("interval")},
    std::pair{CheckpointKind::labelled, std::string_view("labelled")},
    std::pair{CheckpointKind::final, std::string_view("final")},
};

inline constexpr std::array measured_ways{
    std::pair{Measured::in_loop, std::string_view("in_loop")},
    std::pair{Measured::at_end, std::string_view("at_end")},
    std::pair{Measured::over_time, std::string_view("over_time")},
};

inline constexpr std::array endings{
    std::pair{Ending::planned, std::string_view("planned")},
    std::pair{Ending::running, std::string_view("running")},
    std::pair{Ending::finished, std::string_view("finished")},
    std::pair{Ending::failed, std::string_view("failed")},
    std::pair{Ending::crashed, std::string_view("crashed")},
    std::pair{Ending::timed_out, std::string_view("timed_out")},
    std::pair{Ending::interrupted, std::string_view("interrupted")},
};

inline constexpr std::array site_kinds{
    std::pair{SiteKind::heap, std::string_view("heap")},
    std::pair{SiteKind::descriptor, std::string_view("descriptor")},
    std::pair{SiteKind::thread, std::string_view("thread")},
    std::pair{SiteKind::mapping, std::string_view("mapping")},
    std::pair{SiteKind::child, std::string_view("child")},
};

inline constexpr std::array type_sources{
    std::pair{TypeSource::vtable, std::string_view("vtable")},
    std::pair{TypeSource::frames, std::string_view("frames")},
    std::pair{TypeSource::counted, std::string_view("counted")},
};

template <typename Table, typename Enum>
constexpr std::string_view spelling_of(const Table& table, Enum wanted) {
  for (const auto& [value, name] : table)
    if (value == wanted) return name;
  return {};
}

}  // namespace soak::record
