#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <playlist/generator.hpp>
#include <playlist/process_playlist.hpp>
#include <stdexcept>
#include <storage/temporary_folder.hpp>

#include "test_videos.hpp"

namespace playlist {
namespace {

using playlist_test::content_of;
using playlist_test::put_file;
using testing::ElementsAre;

class ProcessPlaylistTest : public testing::Test {
 protected:
  ProcessingSummary process(const ProcessingSettings& settings = {}) {
    reports_.clear();
    return process_playlist(document_, manifest_, settings,
                            [this](const Progress& progress) { reports_.push_back(progress); });
  }

  storage::TemporaryFolder folder_{"playlist-test-"};
  std::filesystem::path document_ = folder_.path() / "playlist.json";
  std::filesystem::path manifest_ = folder_.path() / "manifest.json";
  std::vector<Progress> reports_;
};

constexpr const char* small_playlist = R"({"id": "PL1", "title": "T", "entries": [
  {"id": "a", "url": "u/a", "formats": [{"format_id": "18"}]},
  null,
  {"id": "b", "url": "u/b", "formats": [{"format_id": "18"}]},
  {"id": "a", "url": "u/a2", "formats": [{"format_id": "22"}]},
  {"id": "c", "url": "u/c"},
  {"id": "d", "url": "u/d", "formats": [{"format_id": "18"}]}]})";

TEST_F(ProcessPlaylistTest, WritesTheJobsOfEveryVideoOnce) {
  put_file(document_, small_playlist);
  EXPECT_EQ(process(), (ProcessingSummary{.jobs = 3, .duplicates = 1, .unavailable = 1, .skipped = 1}));
  std::vector<std::string> urls;
  const auto manifest = nlohmann::json::parse(content_of(manifest_));
  for (const auto& job : manifest["jobs"]) urls.push_back(job["url"]);
  EXPECT_THAT(urls, ElementsAre("u/a", "u/b", "u/d"));
}

TEST_F(ProcessPlaylistTest, ReportsProgressAtTheStartAndAfterEachChunk) {
  put_file(document_, small_playlist);
  process({.chunk_size = 3});
  EXPECT_THAT(reports_, ElementsAre(Progress{0, 4, 0}, Progress{3, 4, 2}, Progress{4, 4, 3}));
}

TEST_F(ProcessPlaylistTest, ManifestDoesNotDependOnTheSizeOfChunks) {
  generate_playlist_file(document_, {.entries = 50});
  process({.chunk_size = 1000});
  const auto whole = content_of(manifest_);
  for (const std::size_t chunk_size : {1U, 7U, 50U}) {
    process({.chunk_size = chunk_size});
    EXPECT_EQ(content_of(manifest_), whole) << chunk_size;
  }
}

TEST_F(ProcessPlaylistTest, EmptyPlaylistHasAnEmptyManifestAndIsDone) {
  put_file(document_, R"({"entries": []})");
  EXPECT_EQ(process(), ProcessingSummary{});
  EXPECT_TRUE(nlohmann::json::parse(content_of(manifest_))["jobs"].empty());
  EXPECT_THAT(reports_, ElementsAre(Progress{0, 0, 0}));
}

TEST_F(ProcessPlaylistTest, MalformedDocumentKeepsTheEarlierManifest) {
  put_file(document_, R"({"entries": [{"id": "a"}, 1]})");
  put_file(manifest_, "earlier");
  EXPECT_THROW(process(), PlaylistError);
  EXPECT_EQ(content_of(manifest_), "earlier");
}

TEST_F(ProcessPlaylistTest, CallbackThatThrowsEndsTheProcessingAndLeavesNothingBehind) {
  put_file(document_, small_playlist);
  const auto stop = [](const Progress& progress) {
    if (progress.videos_done > 0) throw std::runtime_error("cancelled");
  };
  EXPECT_THROW(process_playlist(document_, manifest_, {}, stop), std::runtime_error);
  const std::filesystem::directory_iterator files(folder_.path());
  EXPECT_EQ(std::distance(begin(files), end(files)), 1);
}

TEST_F(ProcessPlaylistTest, WorksWithoutACallback) {
  put_file(document_, small_playlist);
  EXPECT_EQ(process_playlist(document_, manifest_, {}, {}).jobs, 3U);
}

TEST_F(ProcessPlaylistTest, ManifestThatCannotBeWrittenIsAnError) {
  put_file(document_, small_playlist);
  EXPECT_THROW(process_playlist(document_, folder_.path() / "missing" / "manifest.json", {}, {}),
               std::filesystem::filesystem_error);
}

TEST_F(ProcessPlaylistTest, GeneratedPlaylistAddsUp) {
  generate_playlist_file(document_, {.entries = 150, .seed = 20260801});
  const auto summary = process();
  EXPECT_EQ(summary.jobs + summary.duplicates + summary.unavailable + summary.skipped, 150U);
  EXPECT_GT(summary.jobs, 100U);
}

}  // namespace
}  // namespace playlist
