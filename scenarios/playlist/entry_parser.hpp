// One entry of a playlist's "entries" as a video.
#pragma once

#include <nlohmann/json.hpp>
#include <playlist/video.hpp>

namespace playlist {

/// `entry` is an object. Throws PlaylistError where it has no id or a list is something else; anything else that is
/// odd is left out, see field_reader.hpp.
[[nodiscard]] Video parse_entry(const nlohmann::json& entry);

}  // namespace playlist
