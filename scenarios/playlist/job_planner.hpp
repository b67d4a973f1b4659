// Videos as jobs for the downloader.
#pragma once

#include <cstdint>
#include <optional>
#include <playlist/video.hpp>
#include <span>
#include <string>
#include <vector>

namespace playlist {

struct DownloadJob {
  std::string video_id;
  std::string title;
  std::string url;
  std::string format_id;
  std::string file_name;
  std::string thumbnail_url;
  std::optional<std::int64_t> expected_bytes;
  std::optional<std::int64_t> duration_seconds;
};

/// The jobs of one chunk, in its order. A video without an address or without a format has none: it is skipped.
[[nodiscard]] std::vector<DownloadJob> plan_jobs(std::span<const Video> chunk, std::int64_t max_height);

}  // namespace playlist
