// Playlists name the same video more than once; it is downloaded once.
#pragma once

#include <cstddef>
#include <playlist/video.hpp>
#include <vector>

namespace playlist {

/// Keeps the first of the videos with the same id, in their order; ids differ in case. Returns how many were removed.
std::size_t remove_duplicates(std::vector<Video>& videos);

}  // namespace playlist
