#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <playlist/manifest_writer.hpp>
#include <storage/temporary_folder.hpp>

#include "test_videos.hpp"

namespace playlist {
namespace {

using playlist_test::content_of;

class ManifestWriterTest : public testing::Test {
 protected:
  static std::vector<DownloadJob> jobs(const std::vector<std::string>& ids) {
    return plan_jobs(playlist_test::videos(ids), 1080);
  }
  std::size_t files_in_folder() const {
    const std::filesystem::directory_iterator files(folder_.path());
    return static_cast<std::size_t>(std::distance(begin(files), end(files)));
  }

  storage::TemporaryFolder folder_{"playlist-test-"};
  std::filesystem::path file_ = folder_.path() / "manifest.json";
  Playlist playlist_{.id = "PL1", .title = "\"Üben\"", .videos = {}};
};

TEST_F(ManifestWriterTest, WritesTheDocumentJobByJob) {
  ManifestWriter writer(file_, playlist_);
  writer.append(jobs({"a"}));
  writer.append({});
  writer.append(jobs({"b"}));
  writer.commit();
  EXPECT_EQ(content_of(file_),
            R"({"playlist_id":"PL1","playlist_title":"\"Üben\"","jobs":[
{"video_id":"a","title":"Title of a","url":"https://video.example/a","format_id":"18","file_name":"Title of a [a].mp4","expected_bytes":1000},
{"video_id":"b","title":"Title of b","url":"https://video.example/b","format_id":"18","file_name":"Title of b [b].mp4","expected_bytes":1000}
]}
)");
}

TEST_F(ManifestWriterTest, IsValidJsonForAnyNumberOfJobs) {
  for (const auto& ids : std::vector<std::vector<std::string>>{{}, {"a"}, {"a", "b", "c"}}) {
    ManifestWriter writer(file_, playlist_);
    writer.append(jobs(ids));
    writer.commit();
    EXPECT_EQ(nlohmann::json::parse(content_of(file_))["jobs"].size(), ids.size());
  }
}

TEST_F(ManifestWriterTest, TextsComeBackAsTheyWere) {
  auto job = jobs({"a"});
  job[0].title = "quotes \" back\\slash\nline \u2028 \U0001F469\u200D\U0001F373";
  ManifestWriter writer(file_, playlist_);
  writer.append(job);
  writer.commit();
  EXPECT_EQ(nlohmann::json::parse(content_of(file_))["jobs"][0]["title"], job[0].title);
}

TEST_F(ManifestWriterTest, EarlierManifestStaysUntilCommit) {
  playlist_test::put_file(file_, "earlier");
  {
    ManifestWriter writer(file_, playlist_);
    writer.append(jobs({"a"}));
    EXPECT_EQ(content_of(file_), "earlier");
  }
  EXPECT_EQ(content_of(file_), "earlier");
  EXPECT_EQ(files_in_folder(), 1U);
}

TEST_F(ManifestWriterTest, FolderThatCannotBeWrittenIsAnErrorWithThePath) {
  playlist_test::put_file(folder_.path() / "file", "");
  for (const auto& path : {folder_.path() / "missing" / "manifest.json", folder_.path() / "file" / "manifest.json"}) {
    try {
      ManifestWriter writer(path, playlist_);
      FAIL() << "opened " << path;
    } catch (const std::filesystem::filesystem_error& error) {
      EXPECT_NE(std::string(error.what()).find(path.string()), std::string::npos) << error.what();
    }
  }
}

TEST_F(ManifestWriterTest, PlaceThatIsAFolderIsAnErrorAndNothingIsLeftBehind) {
  std::filesystem::create_directories(file_ / "in the way");
  {
    ManifestWriter writer(file_, playlist_);
    EXPECT_THROW(writer.commit(), std::filesystem::filesystem_error);
  }
  EXPECT_EQ(files_in_folder(), 1U);
}

}  // namespace
}  // namespace playlist
