#include <curl/curl.h>
#include <strings.h>

#include <algorithm>
#include <charconv>
#include <downloads/checksum.hpp>
#include <downloads/response_head.hpp>

namespace downloads {
namespace {

template <typename Number>
std::optional<Number> parse_number(std::string_view digits) {
  Number number = 0;
  const auto* end = digits.data() + digits.size();
  const auto [parsed_end, error] = std::from_chars(digits.data(), end, number);
  if (digits.starts_with('-') || error != std::errc() || parsed_end != end) return std::nullopt;
  return number;
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view blank = " \t\r\n";
  const auto first = std::min(text.find_first_not_of(blank), text.size());
  text.remove_prefix(first);
  return text.substr(0, text.find_last_not_of(blank) + 1);
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && ::strncasecmp(a.data(), b.data(), a.size()) == 0;
}

/// "HTTP/1.1 206 Partial Content", "HTTP/2 206": 0 where there is no number.
int parse_status(std::string_view line) {
  const auto space = std::min(line.find(' '), line.size() - 1);
  return parse_number<int>(line.substr(space + 1, 3)).value_or(0);
}

bool is_consistent(const ContentRange& range) {
  if (range.first.has_value() != range.last.has_value()) return false;
  if (!range.first) return range.total.has_value();
  return *range.first <= *range.last && (!range.total || *range.last < *range.total);
}

}  // namespace

std::optional<ContentRange> parse_content_range(std::string_view text) {
  constexpr std::string_view unit = "bytes ";
  if (!text.starts_with(unit)) return std::nullopt;
  text.remove_prefix(unit.size());
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const auto range = text.substr(0, slash);
  const auto total = text.substr(slash + 1);

  ContentRange parsed;
  if (total != "*" && !(parsed.total = parse_number<std::uint64_t>(total))) return std::nullopt;
  if (range != "*") {
    const auto dash = std::min(range.find('-'), range.size());
    parsed.first = parse_number<std::uint64_t>(range.substr(0, dash));
    parsed.last = parse_number<std::uint64_t>(range.substr(std::min(dash + 1, range.size())));
    if (!parsed.first || !parsed.last) return std::nullopt;
  }
  if (!is_consistent(parsed)) return std::nullopt;
  return parsed;
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                      std::chrono::system_clock::time_point now) {
  if (const auto seconds = parse_number<std::uint32_t>(text)) return std::chrono::seconds(*seconds);
  // A date has letters: curl_getdate would take "-1" and "20260101" for one, too.
  if (text.find("GMT") == std::string_view::npos) return std::nullopt;
  const auto date = curl_getdate(std::string(text).c_str(), nullptr);
  if (date < 0) return std::nullopt;
  const auto wait = std::chrono::system_clock::from_time_t(date) - now;
  return std::max(std::chrono::ceil<std::chrono::seconds>(wait), std::chrono::seconds(0));
}

void ResponseHead::add_line(std::string_view line, std::chrono::system_clock::time_point now) {
  if (line.starts_with("HTTP/")) {
    *this = ResponseHead{};
    status = parse_status(line);
    return;
  }
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto name = line.substr(0, colon);
  const auto value = trim(line.substr(colon + 1));
  if (same_name(name, "ETag")) entity_tag = value;
  if (same_name(name, "X-Checksum-CRC32")) crc32 = parse_crc32(value);
  if (same_name(name, "Content-Range")) content_range = parse_content_range(value);
  if (same_name(name, "Retry-After")) retry_after = parse_retry_after(value, now);
}

BodyAction choose_body_action(const ResponseHead& head, std::uint64_t on_disk_bytes) {
  const auto range = head.content_range.value_or(ContentRange{});
  switch (head.status) {
    case 200:
      return BodyAction::restart;
    case 206:
      return range.first == on_disk_bytes ? BodyAction::append : BodyAction::reject;
    case 416:
      return range.total == on_disk_bytes ? BodyAction::complete : BodyAction::reject;
    default:
      return BodyAction::ignore;
  }
}

}  // namespace downloads
