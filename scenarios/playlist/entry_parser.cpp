#include <fmt/format.h>

#include <playlist/entry_parser.hpp>
#include <playlist/field_reader.hpp>
#include <playlist/playlist_error.hpp>

namespace playlist {
namespace {

using nlohmann::json;

const json& checked_object(const json& item, const char* list) {
  if (!item.is_object()) {
    throw PlaylistError(fmt::format("'{}' has to hold objects only, not {}", list, item.type_name()));
  }
  return item;
}

std::vector<Format> parse_formats(const json& entry) {
  const auto list = read_list(entry, "formats");
  std::vector<Format> formats;
  formats.reserve(list.size());
  for (const auto& item : list) {
    const auto& format = checked_object(item, "formats");
    formats.push_back({.id = read_text(format, "format_id"),
                       .extension = read_text(format, "ext"),
                       .height = read_amount(format, "height"),
                       .bytes = read_amount(format, "filesize")});
  }
  return formats;
}

std::string largest_thumbnail(const json& entry) {
  std::string url;
  std::int64_t largest = -1;
  for (const auto& item : read_list(entry, "thumbnails")) {
    const auto width = read_amount(checked_object(item, "thumbnails"), "width").value_or(0);
    if (width <= largest) continue;
    largest = width;
    url = read_text(item, "url");
  }
  return url;
}

}  // namespace

Video parse_entry(const json& entry) {
  Video video;
  video.id = read_text(entry, "id");
  if (video.id.empty()) throw PlaylistError("an entry has to have an 'id'");
  try {
    video.title = read_text(entry, "title");
    video.description = read_text(entry, "description");
    video.uploader = read_text(entry, "uploader");
    video.url = read_text(entry, "url");
    video.thumbnail_url = largest_thumbnail(entry);
    video.duration_seconds = read_duration(entry, "duration");
    video.formats = parse_formats(entry);
  } catch (const PlaylistError& error) {
    throw PlaylistError(fmt::format("(id '{}') {}", video.id, error.what()));
  }
  return video;
}

}  // namespace playlist
