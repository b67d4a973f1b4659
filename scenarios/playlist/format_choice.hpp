// Which of a video's formats is downloaded.
#pragma once

#include <cstdint>
#include <playlist/video.hpp>
#include <span>

namespace playlist {

/// The highest format of at most `max_height` lines, of equals the smallest and then the first. Where none is low
/// enough or no height is known, the lowest known, else the first. Null where there are no formats with an id.
[[nodiscard]] const Format* choose_format(std::span<const Format> formats, std::int64_t max_height) noexcept;

}  // namespace playlist
