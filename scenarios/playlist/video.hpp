// What a playlist says about its videos. Plain values; an empty field was not given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace playlist {

/// One way to download a video.
struct Format {
  std::string id;
  std::string extension;  ///< Without the dot.
  std::optional<std::int64_t> height;
  std::optional<std::int64_t> bytes;
};

struct Video {
  std::string id;  ///< Never empty.
  std::string title;
  std::string description;
  std::string uploader;
  std::string url;
  std::string thumbnail_url;  ///< Of the largest thumbnail.
  std::optional<std::int64_t> duration_seconds;
  std::vector<Format> formats;
};

struct Playlist {
  std::string id;
  std::string title;
  std::vector<Video> videos;    ///< In the order of the document.
  std::size_t unavailable = 0;  ///< Entries that are null: deleted and private videos.
};

}  // namespace playlist
