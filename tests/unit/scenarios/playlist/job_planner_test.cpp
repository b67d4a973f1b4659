#include <gtest/gtest.h>

#include <playlist/job_planner.hpp>

#include "test_videos.hpp"

namespace playlist {
namespace {

TEST(PlanJobs, TakesOverWhatTheDownloaderNeeds) {
  auto video = playlist_test::video("abc");
  video.title = "a/b";
  video.thumbnail_url = "https://images.example/abc";
  video.duration_seconds = 60;
  const auto jobs = plan_jobs({&video, 1}, 1080);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].video_id, "abc");
  EXPECT_EQ(jobs[0].title, "a/b");
  EXPECT_EQ(jobs[0].url, "https://video.example/abc");
  EXPECT_EQ(jobs[0].format_id, "18");
  EXPECT_EQ(jobs[0].file_name, "a_b [abc].mp4");
  EXPECT_EQ(jobs[0].thumbnail_url, "https://images.example/abc");
  EXPECT_EQ(jobs[0].expected_bytes, 1000);
  EXPECT_EQ(jobs[0].duration_seconds, 60);
}

TEST(PlanJobs, SkipsWhatCannotBeDownloaded) {
  auto videos = playlist_test::videos({"no-url", "good", "no-format"});
  videos[0].url.clear();
  videos[2].formats.clear();
  const auto jobs = plan_jobs(videos, 1080);
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].video_id, "good");
}

TEST(PlanJobs, KeepsToTheHeightAskedFor) {
  auto video = playlist_test::video("abc");
  video.formats.push_back({.id = "22", .extension = "mp4", .height = 720, .bytes = {}});
  EXPECT_EQ(plan_jobs({&video, 1}, 720)[0].format_id, "22");
  EXPECT_EQ(plan_jobs({&video, 1}, 719)[0].format_id, "18");
}

TEST(PlanJobs, NoVideosNoJobs) { EXPECT_TRUE(plan_jobs({}, 1080).empty()); }

}  // namespace
}  // namespace playlist
