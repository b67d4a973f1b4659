#include "lookup/metadata.hpp"

#include <nlohmann/json.hpp>
#include <utility>

namespace lookup {
namespace {

using nlohmann::json;

recovery::Failure failure(std::string message) {
  recovery::Failure failed;
  failed.message = std::move(message);
  return failed;
}

Metadata read_metadata(const json& document) {
  Metadata metadata;
  metadata.id = document.at("id").get<std::string>();
  metadata.title = document.at("title").get<std::string>();
  metadata.duration_seconds = document.at("duration").get<std::int64_t>();
  metadata.channel = document.value("channel", std::string());
  metadata.excerpt = excerpt_of(document.value("description", std::string()), Metadata::excerpt_bytes);
  metadata.tags = document.value("tags", std::vector<std::string>());
  metadata.views = document.value("views", std::int64_t{0});
  return metadata;
}

}  // namespace

recovery::Attempt<Metadata> parse_metadata(std::string_view text, std::string_view id) {
  const auto document = json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (document.is_discarded()) return failure("the answer is not a complete JSON document");
  try {
    auto metadata = read_metadata(document);
    if (metadata.id != id) return failure("the answer is about another video: " + metadata.id);
    return metadata;
  } catch (const json::exception& error) {
    return failure(error.what());
  }
}

std::string_view excerpt_of(std::string_view text, std::size_t max_bytes) noexcept {
  if (text.size() <= max_bytes) return text;
  auto end = max_bytes;
  // Bytes 10xxxxxx continue a character that began earlier.
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return text.substr(0, end);
}

}  // namespace lookup
