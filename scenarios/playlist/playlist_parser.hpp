// Reads playlist documents: {"id", "title", "entries": [{"id", "title", "formats", "thumbnails", ...}, null, ...]}.
#pragma once

#include <filesystem>
#include <playlist/playlist_error.hpp>
#include <playlist/video.hpp>
#include <string_view>

namespace playlist {

/// Throws PlaylistError for what is not JSON, has no "entries" or has an entry that parse_entry() refuses.
[[nodiscard]] Playlist parse_playlist(std::string_view document);

/// The same for a file; messages then begin with its path. PlaylistError as well where it cannot be read.
[[nodiscard]] Playlist load_playlist(const std::filesystem::path& file);

}  // namespace playlist
