// From a playlist document to a manifest of download jobs.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <playlist/playlist_error.hpp>
#include <playlist/progress.hpp>

namespace playlist {

struct ProcessingSettings {
  std::size_t chunk_size = 100;    ///< Videos between two reports of progress; at least 1.
  std::int64_t max_height = 1080;  ///< Of the format to download, in lines.
};

struct ProcessingSummary {
  std::size_t jobs = 0;         ///< In the manifest.
  std::size_t duplicates = 0;   ///< Entries that name a video again.
  std::size_t unavailable = 0;  ///< Entries that are null.
  std::size_t skipped = 0;      ///< Videos without an address or a format.
  friend bool operator==(const ProcessingSummary&, const ProcessingSummary&) = default;
};

/// Writes `manifest` whole or not at all. Throws PlaylistError for the document, std::filesystem::filesystem_error
/// for the manifest, and whatever `report` throws.
ProcessingSummary process_playlist(const std::filesystem::path& document, const std::filesystem::path& manifest,
                                   const ProcessingSettings& settings, const ProgressCallback& report);

}  // namespace playlist
