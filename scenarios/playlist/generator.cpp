#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>
#include <ostream>
#include <playlist/dice.hpp>
#include <playlist/generator.hpp>
#include <playlist/sample_texts.hpp>
#include <sstream>
#include <storage/atomic_file.hpp>
#include <string>
#include <vector>

namespace playlist {
namespace {

using Object = nlohmann::ordered_json;

struct Resolution {
  int width;
  int height;
  std::int64_t bytes_per_second;
};
constexpr auto resolutions = std::to_array<Resolution>(
    {{256, 144, 12'000}, {640, 360, 60'000}, {1280, 720, 190'000}, {1920, 1080, 410'000}, {3840, 2160, 1'700'000}});

class EntryGenerator {
 public:
  explicit EntryGenerator(const GeneratorSettings& settings) : settings_(settings), dice_(settings.seed) {}

  Object next() {
    if (!ids_.empty() && dice_.percent(settings_.duplicate_percent)) return entry_of(earlier_id());
    if (dice_.percent(settings_.unavailable_percent)) return nullptr;
    ids_.push_back(sample_video_id(dice_));
    return entry_of(ids_.back());
  }

 private:
  const std::string& earlier_id() { return ids_[static_cast<std::size_t>(dice_.below(ids_.size()))]; }

  Object entry_of(const std::string& id) {
    const auto seconds = dice_.between(15, 7200);
    Object entry{{"id", id}};
    add(entry, "title", sample_title(dice_));
    add(entry, "description", sample_description(dice_));
    add(entry, "uploader", sample_uploader(dice_));
    add(entry, "url", "https://video.example/watch?v=" + id);
    add(entry, "duration", seconds);
    add(entry, "view_count", dice_.between(0, 90'000'000));
    add(entry, "thumbnails", thumbnails_of(id));
    add(entry, "formats", formats_of(seconds));
    return entry;
  }

  void add(Object& entry, const char* key, Object value) {
    if (!dice_.percent(settings_.missing_field_percent)) {
      entry[key] = std::move(value);
    } else if (dice_.percent(50)) {
      entry[key] = value.is_number() ? Object(value.dump()) : Object(nullptr);
    }
  }

  static Object thumbnails_of(const std::string& id) {
    auto list = Object::array();
    for (const int width : {320, 1280}) {
      list.push_back({{"url", fmt::format("https://images.example/{}/{}.webp", id, width)}, {"width", width}});
    }
    return list;
  }

  Object formats_of(std::int64_t seconds) {
    auto list = Object::array();
    const auto count = static_cast<std::size_t>(dice_.between(2, resolutions.size()));
    for (std::size_t i = 0; i < count; ++i) {
      const auto& [width, height, bytes_per_second] = resolutions[i];
      Object format{{"format_id", std::to_string(100 + i)}, {"ext", i % 2 == 0 ? "mp4" : "webm"}, {"height", height}};
      add(format, "filesize", seconds * bytes_per_second);
      list.push_back(std::move(format));
    }
    return list;
  }

  const GeneratorSettings& settings_;
  Dice dice_;
  std::vector<std::string> ids_;  // Of the videos so far.
};

}  // namespace

void generate_playlist(std::ostream& out, const GeneratorSettings& settings) {
  EntryGenerator generator(settings);
  out << R"({"id":"PL-soak","title":"Everything \u2013 \ud83c\udfac","entries":[)";
  for (std::size_t i = 0; i < settings.entries; ++i) out << (i == 0 ? "\n" : ",\n") << generator.next().dump();
  out << "\n]}\n";
}

void generate_playlist_file(const std::filesystem::path& file, const GeneratorSettings& settings) {
  std::ostringstream text;
  generate_playlist(text, settings);
  storage::write_file_atomically(file, text.view());
}

}  // namespace playlist
