// What a download needs to know of an HTTP response before its body, and how the headers that say it are read.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace downloads {

/// "bytes 5-9/10", "bytes */10" or "bytes 5-9/*" (RFC 9110, section 14.4).
struct ContentRange {
  std::optional<std::uint64_t> first;  ///< Empty with last where the range was not satisfiable.
  std::optional<std::uint64_t> last;   ///< Inclusive.
  std::optional<std::uint64_t> total;  ///< Size of the whole; empty where the server does not know.

  friend bool operator==(const ContentRange&, const ContentRange&) = default;
};

/// Empty where the text is none of the three forms or contradicts itself.
[[nodiscard]] std::optional<ContentRange> parse_content_range(std::string_view text);

/// Seconds, or an HTTP date, which counts from `now`; a date that has passed is 0 s. Empty where it is neither.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view text,
                                                                    std::chrono::system_clock::time_point now);

/// Fields without a value were missing or malformed.
struct ResponseHead {
  int status = 0;  ///< 0 before the status line.
  std::string entity_tag;
  std::optional<std::uint32_t> crc32;  ///< X-Checksum-CRC32: of the whole object, whatever part of it is sent.
  std::optional<ContentRange> content_range;
  std::optional<std::chrono::seconds> retry_after;

  /// Takes a header line as libcurl hands it out, line end included. A status line starts a new head: what came
  /// before, such as 100 Continue, is forgotten.
  void add_line(std::string_view line, std::chrono::system_clock::time_point now);
};

/// What to do with the body that follows a head.
enum class BodyAction {
  append,    ///< It goes on where the file on disk ends.
  restart,   ///< It begins at the beginning.
  complete,  ///< There is none to come: the file on disk has it all.
  reject,    ///< It does not fit to the file on disk: forget that and ask again.
  ignore,    ///< It is an error's explanation.
};

/// `on_disk_bytes` is what the request asked to leave out.
[[nodiscard]] BodyAction choose_body_action(const ResponseHead& head, std::uint64_t on_disk_bytes);

}  // namespace downloads
