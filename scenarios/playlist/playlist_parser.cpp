#include <fmt/format.h>

#include <cerrno>
#include <fstream>
#include <nlohmann/json.hpp>
#include <playlist/entry_parser.hpp>
#include <playlist/field_reader.hpp>
#include <playlist/playlist_parser.hpp>
#include <string>
#include <system_error>

namespace playlist {
namespace {

using nlohmann::json;

// Where in the document the parser is; nlohmann::json counts the document itself as 0.
constexpr int depth_of_members = 1;
constexpr int depth_of_entries = 2;

// Takes each entry out of the document as soon as it is complete, so that the tree of one entry is all that is ever
// held: the trees of ten thousand would be several times the size of the file.
class EntryCollector {
 public:
  /// nlohmann::json's parser callback: false drops `value` from the document.
  bool operator()(int depth, json::parse_event_t event, json& value) {
    if (depth == depth_of_members) return at_member(event, value);
    if (depth == depth_of_entries && in_entries_) return at_entry(event, value);
    return true;
  }

  /// "entries[7]: " while the parser is in or after the entry before, else nothing.
  [[nodiscard]] std::string place() const {
    return in_entries_ ? fmt::format("entries[{}]: ", index_) : std::string();
  }

  [[nodiscard]] bool found_entries() const noexcept { return found_entries_; }
  [[nodiscard]] Playlist take() { return std::move(playlist_); }

 private:
  bool at_member(json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::key) {
      in_entries_ = value == "entries";
    } else if (in_entries_) {
      at_entries(event, value);
    }
    return true;
  }

  void at_entries(json::parse_event_t event, const json& value) {
    in_entries_ = event == json::parse_event_t::array_start;
    if (event == json::parse_event_t::array_start) found_entries_ = true;
    if (event == json::parse_event_t::object_start) throw PlaylistError("'entries' has to be an array, not object");
    if (event == json::parse_event_t::value) {
      throw PlaylistError(fmt::format("'entries' has to be an array, not {}", value.type_name()));
    }
  }

  bool at_entry(json::parse_event_t event, const json& value) {
    if (event == json::parse_event_t::object_start) return true;
    if (event == json::parse_event_t::object_end) {
      playlist_.videos.push_back(parse_entry(value));
    } else if (value.is_null()) {
      ++playlist_.unavailable;
    } else {
      const auto* type = event == json::parse_event_t::array_start ? "array" : value.type_name();
      throw PlaylistError(fmt::format("an entry has to be an object, not {}", type));
    }
    ++index_;
    return false;
  }

  Playlist playlist_;
  std::size_t index_ = 0;
  bool in_entries_ = false;
  bool found_entries_ = false;
};

// "parse error at line 3, column 7: ...", without the exception's number.
std::string_view syntax_message(const json::parse_error& error) {
  const std::string_view message = error.what();
  const auto end_of_number = message.find("] ");
  return end_of_number == std::string_view::npos ? message : message.substr(end_of_number + 2);
}

json parse_json(std::string_view document, EntryCollector& collector) {
  try {
    return json::parse(document, std::ref(collector));
  } catch (const json::parse_error& error) {
    throw PlaylistError(fmt::format("{}not valid JSON: {}", collector.place(), syntax_message(error)));
  } catch (const PlaylistError& error) {
    throw PlaylistError(collector.place() + error.what());
  }
}

std::string read_file(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  std::error_code error;
  const auto size = std::filesystem::file_size(file, error);
  std::string text(error ? 0 : size, '\0');
  if (error || !stream.read(text.data(), static_cast<std::streamsize>(size))) {
    if (!error) error.assign(errno, std::generic_category());
    throw PlaylistError("cannot read the file: " + error.message());
  }
  return text;
}

}  // namespace

Playlist parse_playlist(std::string_view document) {
  EntryCollector collector;
  const auto rest = parse_json(document, collector);
  if (!rest.is_object()) throw PlaylistError(fmt::format("a playlist has to be an object, not {}", rest.type_name()));
  if (!collector.found_entries()) throw PlaylistError("a playlist has to have 'entries'");
  auto playlist = collector.take();
  playlist.id = read_text(rest, "id");
  playlist.title = read_text(rest, "title");
  return playlist;
}

Playlist load_playlist(const std::filesystem::path& file) {
  try {
    return parse_playlist(read_file(file));
  } catch (const PlaylistError& error) {
    throw PlaylistError(file.string() + ": " + error.what());
  }
}

}  // namespace playlist
