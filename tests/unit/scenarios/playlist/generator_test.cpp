#include <gtest/gtest.h>

#include <algorithm>
#include <playlist/duplicates.hpp>
#include <playlist/generator.hpp>
#include <playlist/playlist_parser.hpp>
#include <sstream>
#include <storage/temporary_folder.hpp>

namespace playlist {
namespace {

std::string generated(const GeneratorSettings& settings) {
  std::ostringstream out;
  generate_playlist(out, settings);
  return out.str();
}

TEST(Generator, SameSeedSameDocument) {
  EXPECT_EQ(generated({.entries = 50, .seed = 7}), generated({.entries = 50, .seed = 7}));
  EXPECT_NE(generated({.entries = 50, .seed = 7}), generated({.entries = 50, .seed = 8}));
}

TEST(Generator, MakesAsManyEntriesAsAskedFor) {
  for (const std::size_t entries : {0U, 1U, 2U, 500U}) {
    const auto playlist = parse_playlist(generated({.entries = entries}));
    EXPECT_EQ(playlist.videos.size() + playlist.unavailable, entries);
  }
}

TEST(Generator, FaultsHaveTheChancesAskedFor) {
  auto playlist = parse_playlist(
      generated({.entries = 1000, .duplicate_percent = 10, .unavailable_percent = 20, .missing_field_percent = 30}));
  const auto untitled = std::ranges::count_if(playlist.videos, [](const Video& v) { return v.title.empty(); });
  EXPECT_NEAR(static_cast<double>(playlist.unavailable), 180, 40);
  EXPECT_NEAR(static_cast<double>(untitled), 0.3 * 820, 50);
  EXPECT_NEAR(static_cast<double>(remove_duplicates(playlist.videos)), 100, 30);
}

TEST(Generator, WithoutFaultsEveryFieldIsThere) {
  auto playlist = parse_playlist(
      generated({.entries = 300, .duplicate_percent = 0, .unavailable_percent = 0, .missing_field_percent = 0}));
  EXPECT_EQ(playlist.unavailable, 0U);
  EXPECT_EQ(remove_duplicates(playlist.videos), 0U);
  for (const auto& video : playlist.videos) {
    EXPECT_FALSE(video.title.empty() || video.description.empty() || video.uploader.empty() || video.url.empty() ||
                 video.thumbnail_url.empty() || !video.duration_seconds || video.formats.size() < 2)
        << video.id;
  }
}

TEST(Generator, TextsAreNotPlainAscii) {
  const auto text = generated({.entries = 20});
  EXPECT_TRUE(std::ranges::any_of(text, [](char c) { return static_cast<unsigned char>(c) >= 0x80U; }));
}

TEST(Generator, FileHoldsTheDocument) {
  const storage::TemporaryFolder folder("playlist-test-");
  generate_playlist_file(folder.path() / "playlist.json", {.entries = 5});
  EXPECT_EQ(load_playlist(folder.path() / "playlist.json").id, "PL-soak");
}

}  // namespace
}  // namespace playlist
