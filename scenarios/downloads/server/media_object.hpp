// Content without files: the bytes of a media object follow from its id and size, so that server and test agree on
// every one of them and nothing has to be stored.
#pragma once

#include <cstdint>
#include <span>
#include <string>

namespace media {

/// A plain value; any thread may read one.
struct MediaObject {
  std::string id;
  std::uint64_t size_bytes = 0;

  /// Fills `out` with the content from `offset` on. Throws std::out_of_range where that ends beyond size_bytes.
  void read(std::uint64_t offset, std::span<char> out) const;
  /// CRC-32 (ISO 3309, as in gzip) of the whole content. Takes time in proportion to size_bytes.
  [[nodiscard]] std::uint32_t crc32() const;
};

/// A strong entity tag with its quotes. `crc32` is that of the object.
[[nodiscard]] std::string entity_tag(const MediaObject& object, std::uint32_t crc32);

}  // namespace media
