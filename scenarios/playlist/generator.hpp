// Makes playlist documents that look like real ones, faults included; the same settings make the same document
// anywhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <iosfwd>

namespace playlist {

/// Chances are in percent, each of its own: an entry that repeats an earlier one is not unavailable as well.
struct GeneratorSettings {
  std::size_t entries = 150;
  std::uint64_t seed = 1;
  unsigned duplicate_percent = 3;      ///< Entries that name an earlier video again.
  unsigned unavailable_percent = 1;    ///< Entries that are null.
  unsigned missing_field_percent = 3;  ///< Of each field but the id: half are left out, half null or oddly written.
};

/// One entry a line.
void generate_playlist(std::ostream& out, const GeneratorSettings& settings);

/// Throws std::filesystem::filesystem_error where the file cannot be written.
void generate_playlist_file(const std::filesystem::path& file, const GeneratorSettings& settings);

}  // namespace playlist
