#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <cstring>
#include <downloads/server/media_object.hpp>
#include <stdexcept>
#include <string_view>

namespace media {
namespace {

constexpr std::uint64_t word_bytes = sizeof(std::uint64_t);
constexpr std::size_t block_bytes = 16 << 10;

/// FNV-1a: std::hash may differ from one library version to the next, and recorded checksums must not.
std::uint64_t seed_of(std::string_view id) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char letter : id) hash = (hash ^ static_cast<unsigned char>(letter)) * 0x100000001b3;
  return hash;
}

/// SplitMix64 at any position, so that a range needs nothing of what stands before it.
std::uint64_t random_word(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t word = seed + (index + 1) * 0x9e3779b97f4a7c15;
  word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9;
  word = (word ^ (word >> 27)) * 0x94d049bb133111eb;
  return word ^ (word >> 31);
}

}  // namespace

void MediaObject::read(std::uint64_t offset, std::span<char> out) const {
  if (offset > size_bytes || out.size() > size_bytes - offset) throw std::out_of_range("beyond the end of " + id);
  const auto seed = seed_of(id);
  while (!out.empty()) {
    const auto word = random_word(seed, offset / word_bytes);
    std::array<char, word_bytes> bytes;
    std::memcpy(bytes.data(), &word, word_bytes);
    const auto skipped = offset % word_bytes;
    const auto count = std::min<std::size_t>(word_bytes - skipped, out.size());
    std::memcpy(out.data(), bytes.data() + skipped, count);
    out = out.subspan(count);
    offset += count;
  }
}

std::uint32_t MediaObject::crc32() const {
  boost::crc_32_type crc;
  std::array<char, block_bytes> block;
  for (std::uint64_t offset = 0; offset < size_bytes; offset += block.size()) {
    const auto part = std::span(block).first(std::min<std::uint64_t>(block.size(), size_bytes - offset));
    read(offset, part);
    crc.process_bytes(part.data(), part.size());
  }
  return static_cast<std::uint32_t>(crc.checksum());
}

std::string entity_tag(const MediaObject& object, std::uint32_t crc32) {
  return fmt::format("\"{:x}-{:08x}\"", object.size_bytes, crc32);
}

}  // namespace media
