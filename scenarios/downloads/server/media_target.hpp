// What a request asks for: /media/<id>?size=N&faults=reset,503&retry_after=S
#pragma once

#include <cstdint>
#include <downloads/server/fault_script.hpp>
#include <downloads/server/media_object.hpp>
#include <optional>
#include <string_view>
#include <vector>

namespace media {

constexpr std::uint64_t max_object_bytes = 16 << 20;

struct MediaTarget {
  MediaObject object;
  std::vector<Fault> faults;
  std::uint32_t retry_after_seconds = 1;  ///< What a 503 asks for.
};

/// Empty for paths that are not /media/<id> with an id of 1 to 64 letters, digits, '.', '_' or '-'; for a size that
/// is missing or above max_object_bytes; for parameters that are unknown or malformed. Nothing in it is ever escaped.
[[nodiscard]] std::optional<MediaTarget> parse_media_target(std::string_view target);

}  // namespace media
