#include <nlohmann/json.hpp>
#include <optional>
#include <playlist/manifest_writer.hpp>
#include <string>

namespace playlist {
namespace {

using Object = nlohmann::ordered_json;

void add(Object& object, const char* key, const std::string& text) {
  if (!text.empty()) object[key] = text;
}

void add(Object& object, const char* key, const std::optional<std::int64_t>& number) {
  if (number) object[key] = *number;
}

std::string format_job(const DownloadJob& job) {
  Object object;
  add(object, "video_id", job.video_id);
  add(object, "title", job.title);
  add(object, "url", job.url);
  add(object, "format_id", job.format_id);
  add(object, "file_name", job.file_name);
  add(object, "thumbnail_url", job.thumbnail_url);
  add(object, "expected_bytes", job.expected_bytes);
  add(object, "duration_seconds", job.duration_seconds);
  return object.dump();
}

}  // namespace

ManifestWriter::ManifestWriter(const std::filesystem::path& file, const Playlist& playlist) : file_(file) {
  file_.write("{\"playlist_id\":" + Object(playlist.id).dump() +
              ",\"playlist_title\":" + Object(playlist.title).dump() + ",\"jobs\":[");
}

void ManifestWriter::append(std::span<const DownloadJob> jobs) {
  std::string lines;
  for (const auto& job : jobs) {
    lines += has_jobs_ ? ",\n" : "\n";
    lines += format_job(job);
    has_jobs_ = true;
  }
  file_.write(lines);
}

void ManifestWriter::commit() {
  file_.write("\n]}\n");
  file_.commit();
}

}  // namespace playlist
