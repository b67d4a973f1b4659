#include "lookup/metadata_source.hpp"

#include <array>
#include <functional>
#include <nlohmann/json.hpp>

namespace lookup {
namespace {

using nlohmann::json;
using Random = std::minstd_rand;

constexpr std::array<std::string_view, 24> words = {"river",   "garden",  "winter",   "Größe", "archive", "signal",
                                                    "naïve",   "harbour", "mountain", "tour",  "lesson",  "part",
                                                    "choir",   "review",  "travel",   "東京",  "kitchen", "engine",
                                                    "Україна", "session", "evening",  "live",  "study",   "light"};

std::size_t below(std::size_t limit, Random& random) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

/// Whole words, at least `bytes` of them together.
std::string text_of(std::size_t bytes, Random& random) {
  std::string text;
  while (text.size() < bytes) {
    if (!text.empty()) text += ' ';
    text += words[below(words.size(), random)];
  }
  return text;
}

json thumbnails_of(std::string_view id) {
  auto all = json::array();
  for (const int width : {120, 320, 640, 1280})
    all.push_back({{"url", "https://img.example/" + std::string(id) + "/" + std::to_string(width) + ".webp"},
                   {"width", width},
                   {"height", width * 9 / 16}});
  return all;
}

json tags_of(Random& random) {
  auto tags = json::array();
  for (int i = 0; i < 5; ++i) tags.push_back(words[below(words.size(), random)]);
  return tags;
}

recovery::Failure failure(std::string_view message, recovery::Duration minimum_delay) {
  recovery::Failure failed;
  failed.message = message;
  failed.minimum_delay = minimum_delay;
  return failed;
}

}  // namespace

std::string SeededMetadataSource::document(std::string_view id) const {
  Random random(static_cast<Random::result_type>(std::hash<std::string_view>()(id) ^ seed_));
  // A word has at most 14 bytes. Titles thus have 41 to 55 bytes, channels 24 to 38: one size of glibc's allocator
  // each.
  const json fields = {{"id", id},
                       {"title", text_of(41, random)},
                       {"channel", text_of(24, random)},
                       {"description", text_of(300 + below(900, random), random)},
                       {"tags", tags_of(random)},
                       {"duration", 30 + below(7200, random)},
                       {"views", below(10'000'000, random)},
                       {"thumbnails", thumbnails_of(id)},
                       {"live", false}};
  return fields.dump();
}

recovery::Attempt<std::string> SeededMetadataSource::fetch(std::string_view id) {
  // All three failures, the broken document among them, have messages of one size; see FlakyService.
  switch (std::uniform_int_distribution<int>(0, 9)(faults_)) {
    case 0:
      return failure("503 Service Unavailable, retry in one second", std::chrono::seconds(1));
    case 1:
      return failure("no answer within the limit of five seconds", recovery::Duration::zero());
    case 2:
      return document(id).substr(0, 200);
    default:
      return document(id);
  }
}

}  // namespace lookup
