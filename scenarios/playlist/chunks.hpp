// Work in pieces: progress can be shown between them, and only one piece of the result is held at a time.
#pragma once

#include <cstddef>
#include <playlist/video.hpp>
#include <span>
#include <vector>

namespace playlist {

/// Cuts `videos` into chunks of `size`, the last may be shorter; no chunks of no videos. The views live as long as
/// the videos. Throws std::invalid_argument for size 0.
[[nodiscard]] std::vector<std::span<const Video>> chunks_of(std::span<const Video> videos, std::size_t size);

}  // namespace playlist
