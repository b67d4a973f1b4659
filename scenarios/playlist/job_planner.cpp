#include <playlist/file_name.hpp>
#include <playlist/format_choice.hpp>
#include <playlist/job_planner.hpp>

namespace playlist {
namespace {

DownloadJob plan_job(const Video& video, const Format& format) {
  return {.video_id = video.id,
          .title = video.title,
          .url = video.url,
          .format_id = format.id,
          .file_name = download_file_name(video.title, video.id, format.extension),
          .thumbnail_url = video.thumbnail_url,
          .expected_bytes = format.bytes,
          .duration_seconds = video.duration_seconds};
}

}  // namespace

std::vector<DownloadJob> plan_jobs(std::span<const Video> chunk, std::int64_t max_height) {
  std::vector<DownloadJob> jobs;
  jobs.reserve(chunk.size());
  for (const auto& video : chunk) {
    const auto* format = choose_format(video.formats, max_height);
    if (format != nullptr && !video.url.empty()) jobs.push_back(plan_job(video, *format));
  }
  return jobs;
}

}  // namespace playlist
