#include <playlist/chunks.hpp>
#include <playlist/duplicates.hpp>
#include <playlist/job_planner.hpp>
#include <playlist/manifest_writer.hpp>
#include <playlist/playlist_parser.hpp>
#include <playlist/process_playlist.hpp>

namespace playlist {

ProcessingSummary process_playlist(const std::filesystem::path& document, const std::filesystem::path& manifest,
                                   const ProcessingSettings& settings, const ProgressCallback& report) {
  auto playlist = load_playlist(document);
  const auto duplicates = remove_duplicates(playlist.videos);

  ManifestWriter writer(manifest, playlist);
  ProgressReporter reporter(playlist.videos.size(), report);
  for (const auto chunk : chunks_of(playlist.videos, settings.chunk_size)) {
    const auto jobs = plan_jobs(chunk, settings.max_height);
    writer.append(jobs);
    reporter.chunk_done(chunk.size(), jobs.size());
  }
  writer.commit();

  const auto planned = reporter.progress().jobs_planned;
  return {.jobs = planned,
          .duplicates = duplicates,
          .unavailable = playlist.unavailable,
          .skipped = playlist.videos.size() - planned};
}

}  // namespace playlist
