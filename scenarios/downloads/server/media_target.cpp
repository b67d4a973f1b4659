#include <algorithm>
#include <charconv>
#include <downloads/server/media_target.hpp>
#include <string>
#include <utility>

namespace media {
namespace {

constexpr std::string_view folder = "/media/";
constexpr std::size_t max_id_characters = 64;

/// What stands before the first `separator` and what stands behind it; all and nothing where there is none.
std::pair<std::string_view, std::string_view> split(std::string_view text, char separator) {
  const auto position = std::min(text.find(separator), text.size());
  return {text.substr(0, position), text.substr(std::min(position + 1, text.size()))};
}

template <typename Number>
bool parse_number(std::string_view digits, Number& number) {
  const auto* end = digits.data() + digits.size();
  const auto [parsed_end, error] = std::from_chars(digits.data(), end, number);
  return error == std::errc() && parsed_end == end;
}

bool read_parameter(std::string_view key, std::string_view value, MediaTarget& target) {
  if (key == "size") return parse_number(value, target.object.size_bytes);
  if (key == "retry_after") return parse_number(value, target.retry_after_seconds);
  if (key != "faults") return false;
  auto faults = parse_faults(value);
  if (faults) target.faults = std::move(*faults);
  return faults.has_value();
}

bool is_id(std::string_view text) {
  constexpr std::string_view allowed = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
  return !text.empty() && text.size() <= max_id_characters &&
         text.find_first_not_of(allowed) == std::string_view::npos;
}

}  // namespace

std::optional<MediaTarget> parse_media_target(std::string_view text) {
  auto [path, query] = split(text, '?');
  if (!path.starts_with(folder)) return std::nullopt;
  path.remove_prefix(folder.size());
  if (!is_id(path)) return std::nullopt;

  MediaTarget target;
  target.object = {std::string(path), max_object_bytes + 1};  // Too large, until a size is given.
  while (!query.empty()) {
    const auto [parameter, rest] = split(query, '&');
    const auto [key, value] = split(parameter, '=');
    if (!read_parameter(key, value, target)) return std::nullopt;
    query = rest;
  }
  if (target.object.size_bytes > max_object_bytes) return std::nullopt;
  return target;
}

}  // namespace media
