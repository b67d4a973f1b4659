// Short cuts for tests: videos to plan, files to look into.
#pragma once

#include <filesystem>
#include <fstream>
#include <playlist/video.hpp>
#include <sstream>
#include <string>
#include <vector>

namespace playlist_test {

inline playlist::Video video(const std::string& id) {
  return {.id = id,
          .title = "Title of " + id,
          .description = {},
          .uploader = {},
          .url = "https://video.example/" + id,
          .thumbnail_url = {},
          .duration_seconds = {},
          .formats = {{.id = "18", .extension = "mp4", .height = 360, .bytes = 1000}}};
}

inline std::vector<playlist::Video> videos(const std::vector<std::string>& ids) {
  std::vector<playlist::Video> list;
  for (const auto& id : ids) list.push_back(video(id));
  return list;
}

inline std::string content_of(const std::filesystem::path& file) {
  std::ostringstream content;
  content << std::ifstream(file, std::ios::binary).rdbuf();
  return content.str();
}

inline void put_file(const std::filesystem::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary) << content;
}

}  // namespace playlist_test
