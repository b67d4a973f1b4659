// The manifest: what is to be downloaded, as a JSON document that appears whole or not at all.
//
//   {"playlist_id": ..., "playlist_title": ..., "jobs": [
//   {"video_id": ..., "title": ..., "url": ..., "format_id": ..., "file_name": ..., "thumbnail_url": ...,
//    "expected_bytes": ..., "duration_seconds": ...},
//   ...
//   ]}
//
// One job a line; fields without a value are left out.
#pragma once

#include <filesystem>
#include <playlist/job_planner.hpp>
#include <span>
#include <storage/atomic_file.hpp>

namespace playlist {

/// Errors are std::filesystem::filesystem_error; an earlier manifest is then as it was.
class ManifestWriter {
 public:
  /// Opens a temporary file beside `file`.
  ManifestWriter(const std::filesystem::path& file, const Playlist& playlist);

  /// Goes to disk at once: what is held does not grow with the playlist.
  void append(std::span<const DownloadJob> jobs);

  /// Ends the document and puts it in place. Without it, nothing is left behind.
  void commit();

 private:
  storage::AtomicFile file_;
  bool has_jobs_ = false;
};

}  // namespace playlist
