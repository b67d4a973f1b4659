// The Range header of a request, RFC 9110 section 14, for one range; several in one request are ignored, as it
// allows.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace media {

struct ByteRange {
  enum class Kind {
    whole,          ///< No range, or one that is not understood: 200.
    part,           ///< 206.
    unsatisfiable,  ///< It begins at or behind the end: 416.
  };

  Kind kind = Kind::whole;
  std::uint64_t first = 0;
  std::uint64_t length = 0;  ///< Bytes to send.

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// `header` is the value of Range, empty where there was none.
[[nodiscard]] ByteRange choose_byte_range(std::string_view header, std::uint64_t size_bytes);

/// The value of Content-Range that belongs to a part or to an unsatisfiable range.
[[nodiscard]] std::string content_range(const ByteRange& range, std::uint64_t size_bytes);

}  // namespace media
